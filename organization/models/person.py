"""People who log in."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from organization.models.company import Company


class PersonManager(BaseUserManager["Person"]):
    """Makes people; an administrator belongs to no company and holds no post."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> "Person":
        person = self.model(username=self.model.normalize_username(username), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, username: str, password: str | None = None, **fields: object) -> "Person":
        """Make an administrator: runs the system, can neither submit nor sign (design 17)."""
        return self.create_user(username, password, is_administrator=True, company=None, **fields)


class Person(AbstractBaseUser, PermissionsMixin):
    """A natural person. Rights come from appointments alone, never from groups or model permissions."""

    username = models.CharField(_("用户名"), max_length=60, unique=True, validators=[UnicodeUsernameValidator()])
    name = models.CharField(_("姓名"), max_length=50)
    company = models.ForeignKey(
        Company, verbose_name=_("公司"), on_delete=models.PROTECT, null=True, blank=True, related_name="people"
    )
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    email = models.EmailField(_("邮箱"), blank=True)
    language = models.CharField(_("语言"), max_length=10, default="zh-hans")
    is_administrator = models.BooleanField(_("系统管理员"), default=False)
    is_active = models.BooleanField(_("在用"), default=True)
    must_change_password = models.BooleanField(_("下次登录须改密码"), default=False)

    objects = PersonManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("人员")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(is_superuser=False), name="person_never_django_superuser"),
            models.CheckConstraint(
                condition=models.Q(is_administrator=False) | models.Q(company=None),
                name="administrator_belongs_to_no_company",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username
