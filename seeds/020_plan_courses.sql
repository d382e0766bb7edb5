-- The catalogue in numbers and words. A course's number is its rank in popularity: 1 is the greatest hit.

-- Each notion in the languages of the titles, for "A of B".
CREATE TEMPORARY TABLE seed_words (
    no integer, english text, korean text, japanese text, simplified text, traditional text, thai text,
    vietnamese text, filipino text, indonesian text
) ON COMMIT DROP;

INSERT INTO seed_words VALUES
    (1, 'Spring', '봄', '春', '春天', '春天', 'ฤดูใบไม้ผลิ', 'Mùa Xuân', 'Tagsibol', 'Musim Semi'),
    (2, 'Summer', '여름', '夏', '夏天', '夏天', 'ฤดูร้อน', 'Mùa Hè', 'Tag-init', 'Musim Panas'),
    (3, 'Autumn', '가을', '秋', '秋天', '秋天', 'ฤดูใบไม้ร่วง', 'Mùa Thu', 'Taglagas', 'Musim Gugur'),
    (4, 'Winter', '겨울', '冬', '冬天', '冬天', 'ฤดูหนาว', 'Mùa Đông', 'Taglamig', 'Musim Dingin'),
    (5, 'Love', '사랑', '愛', '爱', '愛', 'ความรัก', 'Tình Yêu', 'Pag-ibig', 'Cinta'),
    (6, 'Night', '밤', '夜', '夜', '夜', 'ราตรี', 'Đêm', 'Gabi', 'Malam'),
    (7, 'Moon', '달', '月', '月亮', '月亮', 'ดวงจันทร์', 'Mặt Trăng', 'Buwan', 'Bulan'),
    (8, 'Star', '별', '星', '星星', '星星', 'ดวงดาว', 'Ngôi Sao', 'Bituin', 'Bintang'),
    (9, 'Sea', '바다', '海', '大海', '大海', 'ทะเล', 'Biển', 'Dagat', 'Laut'),
    (10, 'Wind', '바람', '風', '风', '風', 'สายลม', 'Gió', 'Hangin', 'Angin'),
    (11, 'Rain', '비', '雨', '雨', '雨', 'สายฝน', 'Cơn Mưa', 'Ulan', 'Hujan'),
    (12, 'Flower', '꽃', '花', '花', '花', 'ดอกไม้', 'Hoa', 'Bulaklak', 'Bunga'),
    (13, 'Secret', '비밀', '秘密', '秘密', '秘密', 'ความลับ', 'Bí Mật', 'Lihim', 'Rahasia'),
    (14, 'Memory', '기억', '記憶', '记忆', '記憶', 'ความทรงจำ', 'Ký Ức', 'Alaala', 'Kenangan'),
    (15, 'Dream', '꿈', '夢', '梦', '夢', 'ความฝัน', 'Giấc Mơ', 'Pangarap', 'Mimpi'),
    (16, 'Promise', '약속', '約束', '约定', '約定', 'คำสัญญา', 'Lời Hứa', 'Pangako', 'Janji'),
    (17, 'Letter', '편지', '手紙', '信', '信', 'จดหมาย', 'Bức Thư', 'Liham', 'Surat'),
    (18, 'Doctor', '의사', '医者', '医生', '醫生', 'หมอ', 'Bác Sĩ', 'Doktor', 'Dokter'),
    (19, 'Lawyer', '변호사', '弁護士', '律师', '律師', 'ทนาย', 'Luật Sư', 'Abogado', 'Pengacara'),
    (20, 'King', '왕', '王', '王', '王', 'ราชา', 'Vua', 'Hari', 'Raja'),
    (21, 'Queen', '여왕', '女王', '女王', '女王', 'ราชินี', 'Nữ Hoàng', 'Reyna', 'Ratu'),
    (22, 'Prince', '왕자', '王子', '王子', '王子', 'เจ้าชาย', 'Hoàng Tử', 'Prinsipe', 'Pangeran'),
    (23, 'Palace', '궁전', '宮殿', '宫殿', '宮殿', 'พระราชวัง', 'Cung Điện', 'Palasyo', 'Istana'),
    (24, 'School', '학교', '学校', '学校', '學校', 'โรงเรียน', 'Trường Học', 'Paaralan', 'Sekolah'),
    (25, 'Family', '가족', '家族', '家人', '家人', 'ครอบครัว', 'Gia Đình', 'Pamilya', 'Keluarga'),
    (26, 'Brother', '형제', '兄弟', '兄弟', '兄弟', 'พี่น้อง', 'Anh Em', 'Kapatid', 'Saudara'),
    (27, 'Friend', '친구', '友達', '朋友', '朋友', 'เพื่อน', 'Bạn Bè', 'Kaibigan', 'Sahabat'),
    (28, 'City', '도시', '街', '城市', '城市', 'เมือง', 'Thành Phố', 'Lungsod', 'Kota'),
    (29, 'Village', '마을', '村', '村庄', '村莊', 'หมู่บ้าน', 'Ngôi Làng', 'Nayon', 'Desa'),
    (30, 'Road', '길', '道', '路', '路', 'ถนน', 'Con Đường', 'Daan', 'Jalan'),
    (31, 'House', '집', '家', '家', '家', 'บ้าน', 'Ngôi Nhà', 'Bahay', 'Rumah'),
    (32, 'Time', '시간', '時間', '时间', '時間', 'เวลา', 'Thời Gian', 'Panahon', 'Waktu'),
    (33, 'Shadow', '그림자', '影', '影子', '影子', 'เงา', 'Cái Bóng', 'Anino', 'Bayangan'),
    (34, 'Light', '빛', '光', '光', '光', 'แสง', 'Ánh Sáng', 'Liwanag', 'Cahaya'),
    (35, 'Ghost', '유령', '幽霊', '幽灵', '幽靈', 'ผี', 'Hồn Ma', 'Multo', 'Hantu'),
    (36, 'Sword', '검', '剣', '剑', '劍', 'ดาบ', 'Thanh Kiếm', 'Espada', 'Pedang'),
    (37, 'Detective', '탐정', '探偵', '侦探', '偵探', 'นักสืบ', 'Thám Tử', 'Detektib', 'Detektif'),
    (38, 'Kitchen', '부엌', '台所', '厨房', '廚房', 'ครัว', 'Căn Bếp', 'Kusina', 'Dapur'),
    (39, 'Youth', '청춘', '青春', '青春', '青春', 'วัยหนุ่มสาว', 'Tuổi Trẻ', 'Kabataan', 'Masa Muda'),
    (40, 'Fate', '운명', '運命', '命运', '命運', 'โชคชะตา', 'Định Mệnh', 'Tadhana', 'Takdir');

ANALYZE seed_words;

CREATE TEMPORARY TABLE seed_courses ON COMMIT DROP AS
WITH course AS (
    SELECT
        no,
        pg_temp.roll('origin', no) AS origin_roll,
        1 + floor(pg_temp.roll('first word', no) * 40)::integer AS first_word,
        -- The second word is another one: 1 to 39 words further.
        1 + floor(pg_temp.roll('second word', no) * 39)::integer AS step,
        pg_temp.roll('kind', no) AS kind,
        2.4 + 2.5 * (pg_temp.roll('quality', no) + pg_temp.roll('more quality', no)) / 2 AS quality,
        run.first_day,
        run.as_of,
        run.days
    FROM seed_run run, generate_series(1, run.courses) no
),
titled AS (
    SELECT
        course.*,
        a.english || ' of ' || b.english AS title,
        made.origin,
        CASE made.origin
            WHEN 'korean' THEN b.korean || '의 ' || a.korean
            WHEN 'japanese' THEN b.japanese || 'の' || a.japanese
            WHEN 'chinese' THEN b.simplified || '的' || a.simplified
            WHEN 'taiwanese' THEN b.traditional || '的' || a.traditional
            WHEN 'hong_kong' THEN b.traditional || '之' || a.traditional
            WHEN 'thai' THEN a.thai || 'แห่ง' || b.thai
            WHEN 'vietnamese' THEN a.vietnamese || ' Của ' || b.vietnamese
            WHEN 'filipino' THEN a.filipino || ' ng ' || b.filipino
            WHEN 'indonesian' THEN a.indonesian || ' ' || b.indonesian
        END AS original_title,
        CASE
            WHEN kind < 0.08 THEN 1
            WHEN made.origin IN ('chinese', 'taiwanese', 'hong_kong') THEN (ARRAY[24, 30, 36, 40])[1 + floor(kind * 4)::integer]
            WHEN made.origin = 'japanese' THEN (ARRAY[8, 10, 11, 12])[1 + floor(kind * 4)::integer]
            ELSE (ARRAY[8, 10, 12, 16, 16, 16, 20])[1 + floor(kind * 7)::integer]
        END AS episodes
    FROM course
    CROSS JOIN LATERAL (
        SELECT CASE
            WHEN origin_roll < 0.50 THEN 'korean'
            WHEN origin_roll < 0.66 THEN 'japanese'
            WHEN origin_roll < 0.80 THEN 'chinese'
            WHEN origin_roll < 0.84 THEN 'taiwanese'
            WHEN origin_roll < 0.86 THEN 'hong_kong'
            WHEN origin_roll < 0.94 THEN 'thai'
            WHEN origin_roll < 0.96 THEN 'vietnamese'
            WHEN origin_roll < 0.975 THEN 'filipino'
            WHEN origin_roll < 0.99 THEN 'indonesian'
            ELSE 'other'
        END::drama_origin AS origin
    ) made
    JOIN seed_words a ON a.no = first_word
    JOIN seed_words b ON b.no = 1 + (first_word + step - 1) % 40
),
-- Titles that the pages of the project search for, among the most popular.
named (no, title, original_title, origin, episodes, year) AS (
    VALUES
        (1, 'Crash Landing on You', '사랑의 불시착', 'korean'::drama_origin, 16, 2019),
        (2, 'Alice in Borderland', '今際の国のアリス', 'japanese', 8, 2020),
        (3, 'Encontro em São Paulo', '상파울루의 만남', 'korean', 12, 2023),
        (4, 'The Untamed', '陈情令', 'chinese', 50, 2019),
        (5, 'Girl from Nowhere', 'เด็กใหม่', 'thai', 13, 2018),
        (6, 'Reply 1988', '응답하라 1988', 'korean', 20, 2015)
),
complete AS (
    SELECT
        titled.no,
        coalesce(named.title, titled.title) AS title,
        coalesce(named.original_title, titled.original_title) AS original_title,
        coalesce(named.origin, titled.origin) AS origin,
        coalesce(named.episodes, titled.episodes) AS episodes,
        named.year,
        quality,
        -- The share of viewers who go on after an episode.
        0.78 + 0.07 * (quality - 2.4) AS stays,
        -- Every twelfth comes out during the days of the data, the others in the three years before.
        CASE
            WHEN titled.no > 6 AND titled.no % 12 = 0 THEN first_day + floor(pg_temp.roll('release', titled.no) * days)::integer
            ELSE first_day - 1 - floor(pg_temp.roll('release', titled.no) * 1095)::integer
        END AS released_on,
        CASE
            WHEN titled.no <= 6 OR pg_temp.roll('status', titled.no) < 0.95 THEN 'published'
            WHEN pg_temp.roll('status', titled.no) < 0.98 THEN 'draft'
            ELSE 'archived'
        END::content_status AS status,
        kind
    FROM titled
    LEFT JOIN named ON named.no = titled.no
)
SELECT
    no,
    pg_temp.seed_uuid('course', no) AS id,
    title,
    original_title,
    origin,
    CASE origin
        WHEN 'korean' THEN 'Korean'
        WHEN 'japanese' THEN 'Japanese'
        WHEN 'chinese' THEN 'Mandarin'
        WHEN 'taiwanese' THEN 'Mandarin'
        WHEN 'hong_kong' THEN 'Cantonese'
        WHEN 'thai' THEN 'Thai'
        WHEN 'vietnamese' THEN 'Vietnamese'
        WHEN 'filipino' THEN 'Filipino'
        WHEN 'indonesian' THEN 'Indonesian'
        ELSE 'English'
    END AS language,
    episodes,
    -- Seasons of equal length, where the episodes are many and can be divided.
    CASE WHEN episodes >= 16 AND episodes % 2 = 0 AND pg_temp.roll('seasons', no) < 0.2 THEN 2 ELSE 1 END AS seasons,
    sum(episodes) OVER (ORDER BY no)::integer - episodes AS episodes_before,
    coalesce(year, extract(year FROM released_on)::integer - floor(3 * pg_temp.roll('year', no) ^ 2)::integer) AS year,
    -- Films take longer than episodes.
    60 * (CASE WHEN episodes = 1 THEN 95 ELSE 42 END + floor(pg_temp.roll('length', no) * 25)::integer) AS seconds,
    quality,
    stays,
    released_on,
    released_on + make_interval(secs => floor(pg_temp.roll('release time', no) * 43200)) AS released_at,
    status
FROM complete;

CREATE UNIQUE INDEX ON seed_courses (no);
ANALYZE seed_courses;

CREATE TEMPORARY TABLE seed_episodes ON COMMIT DROP AS
SELECT
    course.episodes_before + number AS no,
    course.no AS course_no,
    number,
    1 + (number - 1) / (course.episodes / course.seasons) AS season_number,
    1 + (number - 1) % (course.episodes / course.seasons) AS number_in_season,
    pg_temp.seed_uuid('episode', course.episodes_before + number) AS id,
    course.seconds + floor(pg_temp.roll('episode length', course.episodes_before + number) * 420)::integer AS seconds,
    -- Two a week at home, the last of them when the course was released, or years before.
    (
        course.released_on - (course.episodes - number) / 2 * 7 - (course.episodes - number) % 2
        - make_interval(years => extract(year FROM course.released_on)::integer - course.year)
    )::date AS air_date
FROM seed_courses course, generate_series(1, course.episodes) number;

CREATE UNIQUE INDEX ON seed_episodes (no);
ANALYZE seed_episodes;
