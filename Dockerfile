# Every command of the tool, with the Doramaflix project; without arguments the scheduler. Without the embedded server,
# which is larger than all the rest.
ARG NODE=24

FROM node:${NODE}-alpine AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY scripts scripts
COPY src src
RUN npm run build && npm prune --omit=dev --omit=optional --ignore-scripts

FROM node:${NODE}-alpine
ENV NODE_ENV=production
COPY --from=build /app/package.json /app/package.json
COPY --from=build /app/node_modules /app/node_modules
COPY --from=build /app/dist /app/dist
COPY bin /app/bin
COPY sql /app/sql
# What "schedule export kubernetes" calls.
RUN ln -s /app/bin/doramaflix-db.js /usr/local/bin/doramaflix-db
COPY migrations /project/migrations
COPY functions /project/functions
COPY views /project/views
COPY seeds /project/seeds
WORKDIR /project
USER node
# Of the scheduler; other commands end before it matters. The image has no curl.
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s \
    CMD ["node", "-e", "fetch('http://127.0.0.1:9476/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# No shell in between: the process itself gets SIGTERM, and ends after the step in hand.
ENTRYPOINT ["doramaflix-db"]
CMD ["schedule", "run"]
