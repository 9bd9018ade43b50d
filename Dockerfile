# Evident as a small image: the binary alone, which carries its pages, styles, migrations and the guide.
FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
# What cargo downloads and builds is kept between builds of the image; the binary is copied out of it.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --locked --profile dist --bin evident \
    && install -D -m 0755 target/dist/evident /out/evident \
    && install -d -m 0750 /out/data

FROM debian:bookworm-slim
# Certificates are for PostgreSQL over TLS.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin evident
COPY --from=build /out/evident /usr/local/bin/evident
COPY --from=build --chown=evident:evident /out/data /data
USER evident
VOLUME /data
ENV EVIDENT_LISTEN=0.0.0.0:8080 \
    EVIDENT_DATA=/data \
    EVIDENT_LOG_FORMAT=json
EXPOSE 8080
# EVIDENT_URL, the https:// address that people use, has no default on purpose.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s CMD ["evident", "healthcheck"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["evident"]
CMD ["serve"]
