import { BlockList, isIP } from "node:net"

/** Everything that isn't on the public internet: RFC 6890's special-purpose addresses. */
const insideV4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
]

/** Of IPv6 only global unicast is public, without tunnels and documentation: mapped IPv4 addresses are outside of it. */
const publicV6 = "2000::/3"
const insideV6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"]

const makeList = (v4: ReadonlyArray<string>, v6: ReadonlyArray<string>): BlockList => {
  const list = new BlockList()
  const add = (subnets: ReadonlyArray<string>, family: "ipv4" | "ipv6") => {
    for (const subnet of subnets) {
      const [address = "", bits] = subnet.split("/")
      list.addSubnet(address, Number(bits), family)
    }
  }
  add(v4, "ipv4")
  add(v6, "ipv6")
  return list
}

const inside = makeList(insideV4, insideV6)
const global = makeList([], [publicV6])

/** Whether an IP address is on the public internet. */
export const isPublicAddress = (address: string): boolean => {
  const family = isIP(address)
  if (family === 4) return !inside.check(address, "ipv4")
  return family === 6 && global.check(address, "ipv6") && !inside.check(address, "ipv6")
}
