-- Accounts that nobody can log in to.

INSERT INTO users (
    id, email, password_hash, first_name, last_name, subscription_tier, favorite_genres, total_watch_time, created_at,
    updated_at, display_name, bio, preferred_subtitle_language, max_content_rating
)
SELECT
    id,
    -- A domain that is for examples, and a name that another random seed does not give again.
    format('user%s.%s@example.com', no, current_setting('seed.random_seed')),
    -- The hash of no password.
    '!',
    first_name,
    last_name,
    CASE
        WHEN pg_temp.roll('tier', no) < 0.55 THEN 'free'
        WHEN pg_temp.roll('tier', no) < 0.85 THEN 'basic'
        ELSE 'premium'
    END,
    ARRAY[
        pg_temp.chosen('genre', no, '{Romance,Comedy,Thriller,Fantasy}'),
        pg_temp.chosen('second genre', no, '{Historical,Action,Crime,Medical,School,Family}')
    ],
    coalesce(watched.seconds, 0),
    joined_at,
    joined_at,
    CASE WHEN pg_temp.roll('display name', no) < 0.4 THEN lower(first_name) || '_' || no END,
    CASE WHEN pg_temp.roll('bio', no) < 0.1 THEN pg_temp.chosen('bio text', no, ARRAY[
        'Dramas e café.', 'Só mais um episódio…', 'Slow burn, please.', 'Me gustan los doramas históricos.'
    ]) END,
    language::text,
    CASE WHEN pg_temp.roll('rating limit', no) < 0.1 THEN '12' WHEN pg_temp.roll('rating limit', no) < 0.2 THEN '16' END
FROM seed_users
LEFT JOIN (
    SELECT user_no, sum(seconds) AS seconds FROM seed_viewings GROUP BY user_no
) watched ON watched.user_no = no
CROSS JOIN LATERAL (
    SELECT
        pg_temp.chosen('first name', no, '{
            Ana,Beatriz,Bruno,Camila,Carlos,Carolina,Clara,Daniel,Diego,Eduardo,Elena,Emma,Felipe,Fernanda,Gabriel,
            Helena,Igor,Isabela,Joana,João,Julia,Laura,Leonardo,Letícia,Lucas,Lucía,Luiz,Manuela,Marcos,Maria,Mariana,
            Mateus,Miguel,Natália,Olivia,Paulo,Pedro,Rafael,Renata,Ricardo,Rodrigo,Sofia,Thiago,Valentina,Vitória
        }') AS first_name,
        pg_temp.chosen('last name', no, '{
            Almeida,Alves,Andrade,Araújo,Barbosa,Barros,Cardoso,Carvalho,Castro,Costa,Dias,Fernandes,Ferreira,Freitas,
            García,Gomes,Gonçalves,Lima,Lopes,Machado,Martínez,Martins,Melo,Mendes,Monteiro,Moreira,Nunes,Oliveira,
            Pereira,Pinto,Ramos,Ribeiro,Rocha,Rodrigues,Santos,Silva,Smith,Souza,Teixeira,Vieira
        }') AS last_name
) named
ORDER BY no;
