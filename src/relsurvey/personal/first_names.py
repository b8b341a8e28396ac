"""First names that are common in Britain, of many origins; a modest list, written for this use.

``CLEAR`` names are hardly ever anything else when capitalised. ``UNCLEAR`` ones are words,
months, places or surnames too, and count only where the text around them speaks for a person.
"""

from __future__ import annotations

__all__ = ["CLEAR", "UNCLEAR"]

_BRITISH = """
aaron abigail adam adrian agnes aidan aimee alan alastair albert alec alex alexander alexandra
alfie alfred alice alison alistair amanda amelia amy andrea andrew andy angela angus anita ann
anna anne annette annie anthony antony archie arthur ashleigh audrey barbara barry beatrice becky
ben benjamin bernadette bernard beth bethany betty beverley bradley brenda brendan brian bridget
bronwen bruce bryan caitlin callum calum cameron carl caroline carolyn catherine catriona charles
charlie cheryl chloe chris christina christine christopher ciara claire clare clive colin connor
conor craig cynthia daniel danielle danny darren david dawid debbie deborah declan deirdre denise
dennis derek diana diane dominic donald donna doreen dorothy dougal douglas duncan dylan edith
edward edwin eileen eilidh elaine eleanor elena elizabeth ella ellen ellie elsie emily emma eric
erin ethan euan eugene evan evelyn ewan finlay fiona frances francesca francis fraser freddie
frederick gareth gary gavin gemma geoff geoffrey george geraint gerald geraldine gillian gina
gladys glenn glenys gordon graeme graham greg gregory gwen gwyneth hamish hannah harold harriet
hayley heidi helen helena henry hilary howard hugh iain ian imogen irene isaac isabel isabella
isla isobel jacob jacqueline jake james jamie jane janet janice jasmine jason jean jeanette jeff
jeffrey jemma jennifer jenny jeremy jess jessica jill jim jimmy joan joanna joanne joe joel john
johnny jon jonathan joseph josephine josh joshua joyce judith julia julian julie justin karen karl
kate katherine kathleen kathryn katie keith kelly ken kenneth kerry kevin kieran kirsten kirsty
kyle laura lauren lawrence leah leanne len leo leon leonard lesley leslie lewis liam linda lindsay
lindsey lisa liz lorna lorraine louis louise lucas lucy luke lydia lynn lynne maggie maisie
malcolm mandy marcus margaret maria marian marie marilyn marion marjorie martha martin mary
matilda matt matthew maureen maurice megan melanie melissa mhairi michael michelle millie miriam
moira molly monica morag morgan muriel naomi natalie natasha nathan neil niamh nicholas nicola
nicole nigel noah noel nora norma norman oliver oscar owen pamela patricia paul paula pauline
peggy peter phil philip phillip phillipa phoebe phyllis rachael rachel ralph raymond rebecca reece
rhian rhiannon rhys richard rita robert roger ronald ronnie rory rosie ross rowan roy russell ruth
ryan sally sam samantha samuel sandra sara sarah scarlett scott sean sebastian shane shannon
sharon sheila shirley sian simon sinead siobhan sophia sophie stacey stanley stella stephanie
stephen steve steven stewart stuart susan suzanne sylvia tamsin tanya tara ted terence teresa tess
thelma theo theresa thomas tim timothy tina toby tom tommy tony tracey tracy trevor tristan
valerie vanessa vera vernon veronica vicky vincent vivien vivienne walter wayne wendy william
winifred yvonne zachary zara zoe
"""
_SOUTH_ASIAN = """
aarav abdul adeel ahmad aisha ajay akash amar amina aminah amir amit amrit anil anjali anwar aqsa
arjun arun asad asha asif asma ayaan ayesha aziz bilal deepa deepak devi dinesh faisal faiza farah
farhan farida farooq fatima geeta gita gurpreet haider hamza harjit harpreet harsh hina humaira
imran inderjit iqbal irfan ishaan jagdeep jaspreet jaswinder javed jyoti kamal karim kavita
khadija khalid kiran kuldeep lakshmi madhu mahmood mandeep manjit manoj manpreet meena meera
mehreen mohammad mohammed muhammad mukesh nadeem nadia naeem navdeep naveed neelam neha nikhil
nisha pankaj parminder parveen pooja prakash pranav pratik preeti priya priyanka rabia rahul
rajesh rajinder rajiv raju ramesh rani rashid ravi rekha reshma ritu riya rohan rohit rubina
rukhsana saima sajid salma sameer sana sandeep sangeeta sanjay satnam seema shabana shabnam shahid
shazia shreya simran sita sohail suman sunil sunita suresh sushma tahir tariq tasneem usha usman
vijay vikram vinod vivek waqar waseem yasmin yusuf zainab zubair
"""
_AFRICAN_AND_CARIBBEAN = """
abena abimbola ade adebayo adeola adesuwa adjoa adunni akosua akua ama amaka amara anselm ayodele
ayomide babatunde bola bolanle bukola chiamaka chidi chika chima chinedu chinonso chinwe chioma
chukwuemeka damilola desta ebele efua ekow emeka esi femi folake fumilayo funmi haile ifeanyi
ifeoma ijeoma jelani kehinde keisha kelechi kofi kojo kwabena kwaku kwame kwasi lamar latoya lekan
leroy makena mbali mwangi ngozi nia njeri nkechi nkosana nnamdi obinna olu olumide oluwaseun
oluwatobi omari onyeka otis sade segun sekou selam seun shanice shaniqua sipho sizwe taiwo tamika
tariro tendai tewodros thabo thandi titilayo tobi tolu tunde tyrone uche wanjiru winston yaa yaw
yetunde zanele zola
"""
_EUROPEAN = """
adrianna agnieszka aleksander aleksandra anastasia anca andreea andrei andrzej ania antonio
bartosz beata bogdan boris carlos carmen costel cristian cristina dagmara daniela danuta dimitri
dmitri dorota elzbieta elżbieta ewa fernando florin francisco franz gabriela georgi giorgio
giovanni giulia giuseppe grzegorz gunther günther hans heinz henryk igor ilie ines ioana irina
iryna ivan iwona jakub jana javier jerzy joana joanna joao jolanta jorge jose josé joão juan
jurgen justyna jürgen kamil kasia katarzyna katerina klaus konstantin krystyna krzysztof laszlo
lech luca lucia luis lukasz lászló maciej magda magdalena malgorzata manuel marcin marco marek
margarita mariana mario mariusz marta mateusz matteo małgorzata michal michał miguel mihaela mihai
mikhail miroslav monika natalia nikolai oksana oleg oleksandr olena olga paolo patryk paulina
pavel pawel paweł pedro petra pierre piotr radu rafal rafał raluca renata ricardo roberto roxana
ryszard sergei sergio sergiu slawomir sofia stanislaw stanisław stefan stefania sven svetlana
szymon sławomir tadeusz tatiana tomasz ulrike urszula vasile vladimir volodymyr wojciech wolfgang
yulia zbigniew zofia zuzanna łukasz
"""
_ARABIC_PERSIAN_AND_TURKISH = """
abdallah abdi abdirahman abdullah abdulrahman ahmed ahmet ali amal amira aydin ayse bashir basma
dalia elif emre fadi farid farzana fatma fawzia ghada habib hadi hakan halima hamid hana hanan
hasan hashim hassan hatice hoda hodan hussain hussein ibrahim idris ifrah jamal jamila kareem
karima khalil laila layla leila mahmoud mahmud mariam maryam mehdi mehmet mohamed mohamud mona
murat mustafa nabil nadira najma nasir nasra nawal nour nura omar osman parisa rahma rana rania
reem reza safia salah salim samir samira shirin soraya suad suleiman sumaya tarek wafa walid yasin
yasmine yousef youssef zahra zaynab zeynep
"""
_EAST_ASIAN = """
akira fang feng guang haruto hiroshi hui hyun jia jiahui jian jianhong jing jingyi junjie kenji
kwok lei lihua liling linh mei meiling ming minh minjun naoki ngoc nguyet phuong qiang qing quang
rui seojun shuang siew siu thanh thi thuy trinh tuan wei weiming xia xiao xiaoming xin xinyi xue
yan yang yi yifan ying yoko yong yuki yun yuna zhang zhen zhi
"""
_ALSO_WORDS = """
adelaide alma alpha amber angel april art asia august aurora austin autumn basil bay beau bella
bill blessing bob bonnie brandy brooke brooklyn candy carlisle carol chance charity charlotte
chase chelsea chester china christian clay comfort constance cora crystal daisy dale dan dawn dean
don dot drew earl earnest ebony eden eve faith favour fern flora florence frank gale gene georgia
ginger gloria glory goodness grace grant guy happy harmony harper harry haven hazel heath heather
holly hope hunter iman india ion iris israel ivy jack jackie jackson jade jan jasper jay jewel
jordan joy jude june kay kent kim king lance lee lily lincoln logan long lucky madison marina mark
mason max may melody mercy mike miles misty nick noor olive olivia opal paige paris pat patience
patrick peace pearl penny piers poppy precious preston prince prudence queenie ray reed rich river
rob robin rocky rod ron rosa rose rosemary ruby rusty sage said sandy savannah sky skye sonny star
stone sue sugar summer sunny sydney terry tiger trinity troy victor victoria violet virginia wade
warren wesley will winter woody wren
"""

UNCLEAR = frozenset(_ALSO_WORDS.split())
CLEAR = (
    frozenset(
        " ".join(
            (
                _BRITISH,
                _SOUTH_ASIAN,
                _AFRICAN_AND_CARIBBEAN,
                _EUROPEAN,
                _ARABIC_PERSIAN_AND_TURKISH,
                _EAST_ASIAN,
            )
        ).split()
    )
    - UNCLEAR
)
