import { BlockList, isIP } from 'node:net';

/**
 * IANA's registry of special-purpose addresses: this host, private, shared, link-local (metadata), test,
 * multicast.
 */
const SPECIAL_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];

/**
 * In IPv6, only global unicast is public. Mapped, translated and tunnelled forms of IPv4 are outside of it,
 * or listed here.
 */
const GLOBAL_IPV6 = ['2000::/3'];
const SPECIAL_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

interface AddressLists {
  readonly specialIpv4: BlockList;
  readonly globalIpv6: BlockList;
  readonly specialIpv6: BlockList;
}

let lists: AddressLists | undefined;

/** Made at first use, because most functions never send requests to the web. */
function addressLists(): AddressLists {
  lists ??= {
    specialIpv4: listOf(SPECIAL_IPV4, 'ipv4'),
    globalIpv6: listOf(GLOBAL_IPV6, 'ipv6'),
    specialIpv6: listOf(SPECIAL_IPV6, 'ipv6'),
  };
  return lists;
}

/** True if the text is a public IP address; false if it is not an IP address. */
export function isPublicAddress(address: string): boolean {
  // A zone, as in fe80::1%eth0, refers to a link of this machine.
  if (address.includes('%')) return false;
  const { specialIpv4, globalIpv6, specialIpv6 } = addressLists();
  switch (isIP(address)) {
    case 4:
      return !specialIpv4.check(address, 'ipv4');
    case 6:
      return globalIpv6.check(address, 'ipv6') && !specialIpv6.check(address, 'ipv6');
    default:
      return false;
  }
}

function listOf(networks: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    list.addSubnet(address, Number(bits), family);
  }
  return list;
}
