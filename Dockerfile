# A static binary with corpus and prompts built in, on an empty base, as an ordinary user.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=udvikling
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /kildesvar ./cmd/kildesvar \
    && mkdir /data && chown 65532:65532 /data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /kildesvar /kildesvar
COPY --from=build --chown=65532:65532 /data /data
COPY --from=build --chown=65532:65532 /data /tmp
USER 65532:65532
ENV KILDESVAR_DATA=/data
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["/kildesvar"]
CMD ["--help"]
