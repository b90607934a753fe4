from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dpmap import practice


class SignInForm(AuthenticationForm):
    username = forms.EmailField(
        label="Email address",
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    error_messages = {
        "invalid_login": "That email address and password do not belong together. Check both and "
        "try again. After three wrong tries the account is locked.",
        "inactive": "This account is closed.",
    }

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        return helper

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).lower()


class SignIn(LoginView):
    authentication_form = SignInForm
    template_name = "registration/sign_in.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            groups=practice.one_of_each() if settings.PRACTICE_MODE else [],
            idle_minutes=settings.SESSION_COOKIE_AGE // 60,
            **kwargs,
        )


sign_in = SignIn.as_view()
sign_out = LogoutView.as_view()


@login_not_required
@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    return render(request, "registration/signed_out.html")


def locked_name(request: HttpRequest, credentials: Mapping[str, str] | None) -> str | None:
    """One count of wrong tries per person, however the address is spelled."""
    name = (credentials or request.POST).get("username")
    return name.strip().lower() if name else None
