// Searching needs a page that comes from a server; opened from a disk, the box would stay mute.
if (location.protocol === "file:") document.documentElement.classList.add("from-disk");
