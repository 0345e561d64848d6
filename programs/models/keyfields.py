"""Numbers of persons and telephones as they are compared: digits only, however they were written."""

from khuyencong.modelfields import DerivedField
from programs.rules.likeness import citizen_key, phone_key


class CitizenKeyField(DerivedField):
    def derive(self, text: str) -> str:
        return citizen_key(text)


class PhoneKeyField(DerivedField):
    def derive(self, text: str) -> str:
        return phone_key(text)
