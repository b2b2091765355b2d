"""Moving a studio: out into files and back, and here from another Kitsu."""
