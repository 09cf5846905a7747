"""Pages of early intervention."""

app_name = "intervention"

urlpatterns: list = []
