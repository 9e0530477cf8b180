"""What people and programs ask over HTTP: registers, lists, series, forecasts, and how each figure came about.

Answers were computed by a job and stored; nothing here fits a model or imports pandas. `app.py` builds the application.
"""
