"""Pages for people: made here, whole without JavaScript, of the same bodies as the API's answers.

`rendering` turns a template into a response, `access` signs people in and out, `errors` says on a page what an API
caller is told as a problem, `first` and `lists` show how many wait how long and whether that moves.
"""
