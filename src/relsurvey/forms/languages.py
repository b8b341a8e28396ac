"""Languages by the names that platforms and people have for them."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["language_titles"]

_TITLES = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "cs": "Czech", "cy": "Welsh",
    "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
    "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French", "ga": "Irish",
    "gd": "Scottish Gaelic", "gu": "Gujarati", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian",
    "hu": "Hungarian", "id": "Indonesian", "is": "Icelandic", "it": "Italian", "ja": "Japanese",
    "ko": "Korean", "ku": "Kurdish", "lt": "Lithuanian", "lv": "Latvian", "nb": "Norwegian",
    "nl": "Dutch", "no": "Norwegian", "pa": "Punjabi", "pl": "Polish", "ps": "Pashto",
    "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian",
    "so": "Somali", "sq": "Albanian", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil",
    "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip


def language_titles(locales: Sequence[str]) -> dict[str, str]:
    """Title languages as XLSForm wants them: a name, and the code of the language in brackets.

    The brackets hold the language alone, because that is all the validators know; region and
    script are said in the name, where two languages would have one title otherwise.

    Parameters
    ----------
    locales : sequence of str
        Language tags.

    Returns
    -------
    dict of str to str
        Title by tag, no two alike.

    Examples
    --------
    >>> language_titles(["en-GB", "en-GB-x-easy", "de"])
    {'en-GB': 'English (en)', 'en-GB-x-easy': 'English, easy read (en)', 'de': 'German (de)'}
    >>> language_titles(["pt-PT", "pt-BR"])
    {'pt-PT': 'Portuguese pt-PT (pt)', 'pt-BR': 'Portuguese pt-BR (pt)'}
    """
    titles = {tag: _title(tag) for tag in locales}
    found = list(titles.values())
    return {
        tag: title if found.count(title) == 1 else _title(tag, f" {tag}")
        for tag, title in titles.items()
    }


def _title(tag: str, region: str = "") -> str:
    language = tag.split("-")[0]
    easy = ", easy read" if "x-easy" in tag else ""
    return f"{_TITLES.get(language, language)}{region}{easy} ({language})"
