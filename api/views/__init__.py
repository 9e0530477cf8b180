"""From stored facts to the JSON form of answers: plain functions that give dictionaries, without HTTP."""
