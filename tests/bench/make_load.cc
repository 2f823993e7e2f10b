// make_load COUNT SEED PREFIX: writes PREFIX.pem, the public key, and PREFIX.events with COUNT signed events, a line
// each: path, tab, signature, tab, body. Odd and even lines tell of different entities, so that two threads of the wrk
// script beside it, each of which takes every second line, do not overtake each other within an entity.
#include <sodium.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "bench/event_maker.h"
#include "signature/base64.h"

namespace {

// SubjectPublicKeyInfo of an Ed25519 key is this, then its 32 bytes.
constexpr char kDerPrefix[] = "\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21";

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4 || sodium_init() < 0) {
    std::fprintf(stderr, "usage: make_load COUNT SEED PREFIX\n");
    return 2;
  }
  unsigned char public_key[crypto_sign_PUBLICKEYBYTES], secret_key[crypto_sign_SECRETKEYBYTES];
  crypto_sign_keypair(public_key, secret_key);
  std::string der(kDerPrefix, 11);
  der += '\0';
  der.append(reinterpret_cast<const char*>(public_key), sizeof public_key);
  const std::string prefix = argv[3];
  std::ofstream(prefix + ".pem") << "-----BEGIN PUBLIC KEY-----\n"
                                 << crmsink::EncodeBase64(der) << "\n-----END PUBLIC KEY-----\n";
  std::ofstream events(prefix + ".events", std::ios::binary);
  const auto seed = std::strtoull(argv[2], nullptr, 10);
  crmsink::bench::EventMaker makers[] = {crmsink::bench::EventMaker(2 * seed),
                                         crmsink::bench::EventMaker(2 * seed + 1)};
  for (long i = 0, count = std::atol(argv[1]); i < count; ++i) {
    const auto event = makers[i % 2].Mixed();
    unsigned char signature[crypto_sign_BYTES];
    crypto_sign_detached(signature, nullptr, reinterpret_cast<const unsigned char*>(event.body.data()),
                         event.body.size(), secret_key);
    events << event.path << '\t' << crmsink::EncodeBase64({reinterpret_cast<const char*>(signature), sizeof signature})
           << '\t' << event.body << '\n';
  }
  return events.good() ? 0 : 1;
}
