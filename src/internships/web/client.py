"""From which address a request comes: what our own proxies say, and never what a stranger claims."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from litestar.connection import ASGIConnection

from internships.core.settings import settings


@lru_cache(maxsize=4)
def _networks(trusted: str) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(part.strip(), strict=False) for part in trusted.split(",") if part.strip())


def _is_ours(address: str) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in _networks(settings().trusted_proxies))


def address_of(request: ASGIConnection[Any, Any, Any, Any]) -> str:
    """The nearest address that is not one of our proxies; of IPv6 the network, since a household has it whole.

    A proxy may add its own line below that of the client, or write into it; read together they mean the same.
    """
    nearest = request.client.host if request.client else ""
    hops = [
        hop for line in request.headers.getall("x-forwarded-for", []) for hop in map(str.strip, line.split(",")) if hop
    ]
    while hops and _is_ours(nearest):
        nearest = hops.pop()
    try:
        found = ip_address(nearest)
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return str(ip_network((found, 64), strict=False).network_address)
    return str(found)
