"""Forms of the organization's pages: they parse and check single fields; the rules stand in the verbs."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from organization import clock
from organization.models import Company, Department, Instalment, Person, PhaseContact, Project
from organization.posts import DEPARTMENT_POSTS, Camp, Post
from organization.punctuation import bracketed
from organization.refusals import OrganizationRefused
from organization.texts import UNCLEAN, is_clean


class DateInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class PlainForm(forms.Form):
    """A form that can show what a verb refused, and takes no text that paper and workbooks could not show."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, value in list(cleaned.items()):
            if isinstance(value, str) and not is_clean(value):
                self.add_error(name, UNCLEAN)
        return cleaned

    def refuse(self, refusal: OrganizationRefused) -> None:
        """Show a verb's sentences on top."""
        for sentence in refusal.sentences:
            self.add_error(None, sentence)


def date_field(label: Any, *, required: bool = False, **kwargs: Any) -> forms.DateField:
    """A date."""
    return forms.DateField(label=label, required=required, widget=DateInput(), **kwargs)


class LoginForm(AuthenticationForm):
    """One sentence for every failure: it doesn't tell whether the user exists, is shut out or mistyped."""

    error_messages = {
        "invalid_login": _("用户名或密码不正确。连续 5 次不正确将锁定 15 分钟。"),
        "inactive": _("用户名或密码不正确。连续 5 次不正确将锁定 15 分钟。"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("用户名")
        # Django tells only the browser; the log of failed tries is no wider on PostgreSQL.
        self.fields["username"].validators.append(MaxLengthValidator(60))
        self.fields["password"].label = _("密码")


class OwnPasswordForm(PasswordChangeForm):
    """A person's own change of password; what is stored is the verb's matter."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("原密码")
        self.fields["new_password1"].label = _("新密码")
        self.fields["new_password2"].label = _("再次输入新密码")

    def clean_new_password1(self) -> str:
        password: str = self.cleaned_data["new_password1"]
        if self.user.check_password(password):
            raise forms.ValidationError(_("新密码须与原密码不同。"))
        return password


class LanguageForm(PlainForm):
    """The language of one's pages."""

    language = forms.ChoiceField(label=_("语言"), choices=settings.LANGUAGES)


def password_field(label: Any = _("初始密码")) -> forms.CharField:
    """A password that an administrator gives; good for one log-in."""
    return forms.CharField(
        label=label,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("至少 12 位；本人首次登录时必须修改。"),
    )


class PersonForm(PlainForm):
    """Name and ways to reach a person."""

    name = forms.CharField(label=_("姓名"), max_length=50)
    phone = forms.CharField(label=_("电话"), max_length=30, required=False)
    email = forms.EmailField(label=_("邮箱"), required=False)


class NewPersonForm(PersonForm):
    """A person to be made."""

    username = forms.CharField(
        label=_("用户名"), max_length=60, validators=Person._meta.get_field("username").validators
    )
    company = forms.ModelChoiceField(label=_("公司"), queryset=Company.objects.all(), required=False)
    is_administrator = forms.BooleanField(
        label=_("系统管理员"), required=False, help_text=_("只维护系统：不属于公司，不能提交或签批。")
    )
    password = password_field()

    field_order = ["username", "name", "company", "is_administrator", "phone", "email", "password"]


class PasswordForm(PlainForm):
    """A new password given by an administrator."""

    password = password_field(_("新密码"))


class AppointForm(PlainForm):
    """Who holds which post where, from when to when."""

    person = forms.ModelChoiceField(label=_("人员"), queryset=Person.objects.none())
    post = forms.ChoiceField(label=_("岗位"), choices=[("", _("请选择")), *Post.choices])
    project = forms.ModelChoiceField(
        label=_("项目"), queryset=Project.objects.none(), required=False, empty_label=_("本公司全部项目")
    )
    department = forms.ModelChoiceField(
        label=_("部门"),
        queryset=Department.objects.none(),
        required=False,
        help_text=_("需求部门负责人和分管领导必填。"),
    )
    starts_on = date_field(_("自"), required=True)
    ends_on = date_field(_("至"), help_text=_("空白表示长期有效；所填日期当天仍有效。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Person.objects.filter(is_active=True, is_administrator=False).select_related("company")
        self.fields["person"].queryset = people.order_by("company_id", "pk")
        self.fields["person"].label_from_instance = lambda row: bracketed(row.name, row.company)
        self.fields["project"].queryset = Project.objects.filter(is_active=True)
        self.fields["department"].queryset = Department.objects.select_related("company")
        self.fields["department"].label_from_instance = lambda row: f"{row.company} · {row.name}"
        self.fields["starts_on"].initial = clock.today

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("post") in DEPARTMENT_POSTS and not data.get("department"):
            self.add_error("department", _("该岗位的任命须写明部门。"))
        return data


class EndForm(PlainForm):
    """The last day of an appointment."""

    ends_on = date_field(_("最后一天"), required=True, help_text=_("当天仍有效；填昨天则立即失效。"))


class CompanyForm(PlainForm):
    """A company to be made."""

    code = forms.SlugField(label=_("编码"), max_length=20)
    name = forms.CharField(label=_("名称"), max_length=100)
    camp = forms.ChoiceField(label=_("一方"), choices=Camp.choices)


class DepartmentForm(PlainForm):
    """A department to be made."""

    company = forms.ModelChoiceField(label=_("公司"), queryset=Company.objects.all())
    name = forms.CharField(label=_("名称"), max_length=50)
    is_lead = forms.BooleanField(label=_("主导部门"), required=False, help_text=_("营销客服部；每家公司一个。"))


class EditProjectForm(PlainForm):
    """What may change in a project; its dates have a page of their own."""

    name = forms.CharField(label=_("名称"), max_length=100)
    region = forms.ModelChoiceField(label=_("区域"), queryset=Company.objects.filter(camp=Camp.REGION), required=False)
    is_active = forms.BooleanField(label=_("在用"), required=False)


class NewProjectForm(PlainForm):
    """A project to be made; its code and its two companies stay for good."""

    code = forms.CharField(label=_("编码"), max_length=20, validators=Project._meta.get_field("code").validators)
    name = forms.CharField(label=_("名称"), max_length=100)
    developer = forms.ModelChoiceField(label=_("地产城市公司"), queryset=Company.objects.filter(camp=Camp.DEVELOPER))
    property_company = forms.ModelChoiceField(label=_("物业公司"), queryset=Company.objects.filter(camp=Camp.PROPERTY))
    region = forms.ModelChoiceField(label=_("区域"), queryset=Company.objects.filter(camp=Camp.REGION), required=False)
    positioning_on = date_field(_("项目定位启动"))
    sales_office_opens_on = date_field(_("售楼处开放"))
    completion_acceptance_on = date_field(_("竣工验收"))
    mass_move_in_on = date_field(_("集中入住"))


class NewInstalmentForm(PlainForm):
    """A delivery batch to be made."""

    code = forms.CharField(label=_("编码"), max_length=20, validators=Instalment._meta.get_field("code").validators)
    name = forms.CharField(label=_("名称"), max_length=50)
    planned_move_in_on = date_field(_("计划入伙"), help_text=_("仅作计划，不决定归口小组。"))
    sales_office_opens_on = date_field(_("售楼处开放"), help_text=_("空着即按项目的日期。"))
    completion_acceptance_on = date_field(_("竣工验收"), help_text=_("空着即按项目的日期。"))


class ContactForm(PlainForm):
    """When both sides made contact for a phase, and between which departments."""

    phase = forms.ChoiceField(label=_("阶段"), choices=PhaseContact._meta.get_field("phase").choices)
    contacted_on = date_field(_("对接日期"), required=True)
    developer_department = forms.ModelChoiceField(label=_("地产部门"), queryset=Department.objects.none())
    property_department = forms.ModelChoiceField(label=_("物业部门"), queryset=Department.objects.none())
    note = forms.CharField(label=_("说明"), max_length=200, required=False)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["developer_department"].queryset = Department.objects.filter(company=project.developer_id)
        self.fields["property_department"].queryset = Department.objects.filter(company=project.property_company_id)
