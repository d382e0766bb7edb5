-- Four people for each course; some play in many courses, and each in those of one country.

CREATE TEMPORARY TABLE seed_persons ON COMMIT DROP AS
WITH person AS (
    SELECT
        no,
        -- The country of a course, so that each country has as many people as its courses need.
        (SELECT origin FROM seed_courses WHERE seed_courses.no = (person - 1) % run.courses + 1) AS origin
    FROM seed_run run
    CROSS JOIN generate_series(1, run.courses * 4) person
    CROSS JOIN LATERAL (SELECT person::bigint AS no) numbered
)
SELECT
    person.no,
    pg_temp.seed_uuid('person', person.no) AS id,
    person.origin,
    row_number() OVER (PARTITION BY person.origin ORDER BY person.no)::integer AS place,
    count(*) OVER (PARTITION BY person.origin)::integer AS of_origin,
    names.nationality,
    names.joined_by,
    string_to_array(pg_temp.chosen('surname', person.no, names.surnames), '/') AS surname,
    string_to_array(pg_temp.chosen('given name', person.no, names.given_names), '/') AS given_name
FROM person
JOIN (
    -- Each name as it is written here, and after the slash as it is written at home.
    VALUES
        (
            '{korean}'::drama_origin[], 'South Korean', '',
            '{Kim/김,Lee/이,Park/박,Choi/최,Jung/정,Kang/강,Cho/조,Yoon/윤,Jang/장,Lim/임,Han/한,Shin/신,Seo/서,Kwon/권}'::text[],
            '{Min-jun/민준,Seo-yeon/서연,Ji-woo/지우,Ha-eun/하은,Do-yoon/도윤,Ye-jin/예진,Hyun-woo/현우,Soo-bin/수빈,Ji-hoon/지훈,
              Eun-ji/은지,Tae-yang/태양,Yu-na/유나,Joon-ho/준호,Da-hye/다혜,Seung-min/승민,Bo-ra/보라}'::text[]
        ),
        (
            '{japanese}', 'Japanese', ' ',
            '{Sato/佐藤,Suzuki/鈴木,Takahashi/高橋,Tanaka/田中,Ito/伊藤,Watanabe/渡辺,Yamamoto/山本,Nakamura/中村,Kobayashi/小林,Kato/加藤}',
            '{Haruto/陽翔,Yui/結衣,Sota/蒼太,Aoi/葵,Ren/蓮,Hina/陽菜,Yuto/悠斗,Sakura/桜,Riku/陸,Mei/芽依,Kaito/海斗,Rin/凛}'
        ),
        (
            '{chinese}', 'Chinese', '',
            '{Wang/王,Li/李,Zhang/张,Liu/刘,Chen/陈,Yang/杨,Zhao/赵,Huang/黄,Zhou/周,Wu/吴,Xu/徐,Sun/孙}',
            '{Wei/伟,Fang/芳,Na/娜,Jing/静,Lei/磊,Yan/燕,Tao/涛,Ming/明,Xiaoyu/晓雨,Zihan/子涵,Yichen/一辰,Mengqi/梦琪}'
        ),
        (
            '{taiwanese,hong_kong}', 'Taiwanese', '',
            '{Chen/陳,Lin/林,Huang/黃,Chang/張,Wu/吳,Tsai/蔡,Yang/楊,Hsu/許,Cheung/張,Leung/梁}',
            '{Chia-hao/家豪,Ya-ting/雅婷,Chih-ming/志明,Shu-fen/淑芬,Yi-chun/怡君,Kuan-yu/冠宇,Wing-yan/詠欣,Ka-ming/家明}'
        ),
        (
            '{thai}', 'Thai', ' ',
            '{Saetang/แซ่ตั้ง,Wongsa/วงษา,Jaidee/ใจดี,Srisuk/ศรีสุข,Thongdee/ทองดี,Boonmee/บุญมี,Kaewta/แก้วตา}',
            '{Somchai/สมชาย,Malee/มาลี,Anan/อนันต์,Kanya/กัญญา,Niran/นิรันดร์,Ploy/พลอย,Krit/กฤษณ์,Mint/มินท์}'
        ),
        (
            '{vietnamese,filipino,indonesian,other}', NULL, NULL,
            '{Nguyen,Tran,Le,Pham,Santos,Reyes,Cruz,Garcia,Wijaya,Putri,Saputra,Tan}',
            '{An,Linh,Minh,Thao,Angelo,Maria,Paolo,Bea,Adi,Dewi,Rizky,Sari}'
        )
) names (origins, nationality, joined_by, surnames, given_names) ON person.origin = ANY (names.origins);

CREATE UNIQUE INDEX ON seed_persons (origin, place);
ANALYZE seed_persons;

INSERT INTO persons (
    id, name, original_name, profile_url, biography, birth_date, nationality, created_at, updated_at
)
SELECT
    seed_persons.id,
    given_name[1] || ' ' || surname[1],
    -- At home the surname comes first, but not in Thailand.
    CASE WHEN origin = 'thai' THEN given_name[2] || ' ' || surname[2] ELSE surname[2] || joined_by || given_name[2] END,
    format('https://images.example.com/persons/%s.jpg', seed_persons.id),
    CASE WHEN pg_temp.roll('biography', no) < 0.3 THEN format(
        'Known for %s.', pg_temp.chosen('known for', no, '{romances,comedies,crime series,costume dramas,the stage}')
    ) END,
    date '1955-01-01' + floor(pg_temp.roll('birth', no) * 18000)::integer,
    CASE WHEN origin = 'hong_kong' THEN 'Hong Konger' ELSE coalesce(nationality, CASE origin
        WHEN 'vietnamese' THEN 'Vietnamese'
        WHEN 'filipino' THEN 'Filipino'
        WHEN 'indonesian' THEN 'Indonesian'
    END) END,
    run.first_day - 1460,
    run.first_day - 1460
FROM seed_persons, seed_run run
ORDER BY no;

-- Who is known already is taken again: the square of the chance prefers small numbers.
INSERT INTO cast_members (course_id, person_id, role, is_lead, sort_order)
SELECT course_id, person_id, role, sort_order <= 2, sort_order
FROM (
    SELECT DISTINCT ON (course.no, person.no)
        course.id AS course_id,
        person.id AS person_id,
        CASE WHEN part > 5 THEN 'Friend of ' ELSE '' END || pg_temp.chosen('role', item, '{
            Mina,Hana,Jun,Yuna,Kai,Sora,Lin,Mei,Ploy,Anan,Nari,Taeho,Ren,Aiko,Wen,Xia,Dao,Suda,Linh,Bayu
        }') AS role,
        part AS sort_order
    FROM seed_courses course
    CROSS JOIN LATERAL (SELECT of_origin FROM seed_persons WHERE seed_persons.origin = course.origin AND place = 1) home
    CROSS JOIN generate_series(1, 4 + floor(pg_temp.roll('cast', course.no) * 5)::integer) part
    CROSS JOIN LATERAL (SELECT course.no * 16 + part AS item) numbered
    JOIN seed_persons person
        ON person.origin = course.origin
        AND person.place = 1 + floor(pg_temp.roll('actor', item) ^ 2 * home.of_origin)::integer
    ORDER BY course.no, person.no, part
) member
ORDER BY course_id, sort_order;

INSERT INTO crew_members (course_id, person_id, role, department)
SELECT course.id, person.id, job.role, job.department
FROM seed_courses course
CROSS JOIN LATERAL (SELECT of_origin FROM seed_persons WHERE seed_persons.origin = course.origin AND place = 1) home
CROSS JOIN (
    VALUES
        (1, 'director', 'Directing'),
        (2, 'screenwriter', 'Writing'),
        (3, 'producer', 'Production'),
        (4, 'composer', 'Music')
) job (place, role, department)
JOIN seed_persons person
    ON person.origin = course.origin
    AND person.place = 1 + floor(pg_temp.roll('crew', course.no * 4 + job.place) ^ 2 * home.of_origin)::integer
ORDER BY course.no, job.place;
