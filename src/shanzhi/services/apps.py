from django.apps import AppConfig


class Services(AppConfig):
    """Services by one rule (政务服务): items, guidance, applications, instant approval, policies that find people."""

    name = "shanzhi.services"
    label = "services"
