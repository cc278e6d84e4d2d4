from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.cost_services_dynamodb import CostServicesDynamodb
    from ..models.cost_services_lambda import CostServicesLambda
    from ..models.cost_services_s3 import CostServicesS3
    from ..models.cost_services_sqs import CostServicesSqs
    from ..models.cost_services_states import CostServicesStates


T = TypeVar("T", bound="CostServices")


@_attrs_define
class CostServices:
    sqs: CostServicesSqs
    dynamodb: CostServicesDynamodb
    s3: CostServicesS3
    lambda_: CostServicesLambda
    states: CostServicesStates

    def to_dict(self) -> dict[str, Any]:
        sqs = self.sqs.to_dict()

        dynamodb = self.dynamodb.to_dict()

        s3 = self.s3.to_dict()

        lambda_ = self.lambda_.to_dict()

        states = self.states.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "sqs": sqs,
                "dynamodb": dynamodb,
                "s3": s3,
                "lambda": lambda_,
                "states": states,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.cost_services_dynamodb import CostServicesDynamodb
        from ..models.cost_services_lambda import CostServicesLambda
        from ..models.cost_services_s3 import CostServicesS3
        from ..models.cost_services_sqs import CostServicesSqs
        from ..models.cost_services_states import CostServicesStates

        d = dict(src_dict)
        sqs = CostServicesSqs.from_dict(d.pop("sqs"))

        dynamodb = CostServicesDynamodb.from_dict(d.pop("dynamodb"))

        s3 = CostServicesS3.from_dict(d.pop("s3"))

        lambda_ = CostServicesLambda.from_dict(d.pop("lambda"))

        states = CostServicesStates.from_dict(d.pop("states"))

        cost_services = cls(
            sqs=sqs,
            dynamodb=dynamodb,
            s3=s3,
            lambda_=lambda_,
            states=states,
        )

        return cost_services
