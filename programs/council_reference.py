"""The questions that an appraisal asks, all of them to be compared with the text of the law yet."""

from programs.models import Certainty, Criterion

# No article is cited and no score is given: the rows say what is looked at, and that this has not been compared.
BASIS = "TT 36/2013/TT-BCT (chưa đối chiếu điều khoản)"
CRITERIA = (
    "Phù hợp với nội dung hoạt động khuyến công và định hướng phát triển công nghiệp",
    "Sự cần thiết và mục tiêu của đề án",
    "Năng lực của cơ sở thụ hưởng và đơn vị thực hiện",
    "Kinh phí phù hợp định mức, vốn đối ứng bảo đảm",
    "Hiệu quả kinh tế – xã hội, môi trường",
    "Hồ sơ đầy đủ, hợp lệ",
)


def load_criteria() -> int:
    """Fills an empty table; once there are criteria they are the administrator's, to rename, end or delete."""
    if not Criterion.objects.exists():
        Criterion.objects.bulk_create(
            Criterion(name=name, position=position, legal_basis=BASIS, certainty=Certainty.UNVERIFIED)
            for position, name in enumerate(CRITERIA, start=1)
        )
    return len(CRITERIA)
