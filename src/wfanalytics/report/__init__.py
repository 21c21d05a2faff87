"""From saved exhibits to a finished pack: papermill, nbconvert and documents live here."""
