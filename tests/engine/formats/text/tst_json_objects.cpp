#include "engine/formats/text/json_objects.h"
#include "tests/engine/formats/formats_support.h"

using namespace support;
using Json = nlohmann::json;

namespace {

struct Streamed {
    Result<text::JsonOutline> outline;
    std::vector<Json> objects;
};

Streamed stream(const std::string& text, const text::JsonParts& parts = {}) {
    const Folder folder;
    const fs::path path = folder.write("a.json", text);
    std::vector<Json> objects;
    auto outline = text::streamJson(path, parts, {}, [&](const Json& object) { objects.push_back(object); });
    return {std::move(outline), std::move(objects)};
}

}  // namespace

class TestJsonObjects : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void aList() {
        const Streamed list = stream("[\n{\"a\":[{\"b\":1},\n{\"b\":[2]}]},3,[[{}]],\"x\",\n{\"a\":2}]");
        QVERIFY(list.outline.ok() && list.outline->isList && list.outline->hasList);
        QCOMPARE(list.objects.size(), std::size_t{2});
        QCOMPARE(list.outline->strangers, std::int64_t{3});
        QCOMPARE(text::lineOf(list.objects[0]), std::int64_t{2});
        QCOMPARE(text::lineOf(list.objects[0]["a"][1]), std::int64_t{3});
        QVERIFY(list.objects[0]["a"][1]["b"] == Json::array({2}));
        QCOMPARE(text::lineOf(list.objects[1]), std::int64_t{4});
    }

    void anObject() {
        const Streamed whole = stream(R"({"a":{"b":1},"c":[1,[2]]})");
        QVERIFY(whole.outline.ok() && !whole.outline->isList && !whole.outline->hasList);
        QCOMPARE(whole.objects.size(), std::size_t{1});
        QVERIFY(whole.objects[0]["c"][1][0] == 2);
        QVERIFY(stream("7").objects.empty());
    }

    void theListOfAnObject() {
        const text::JsonParts parts{.list = "images"};
        const Streamed named =
            stream(R"({"x":{"images":[{"no":1}]},"images":[{"a":{"images":[{"no":2}]}},4],"names":{"1":"y"}})", parts);
        QVERIFY(named.outline.ok() && !named.outline->isList && named.outline->hasList);
        QCOMPARE(named.objects.size(), std::size_t{1});
        QVERIFY(named.objects[0]["a"]["images"][0]["no"] == 2);
        QCOMPARE(named.outline->strangers, std::int64_t{1});
        QVERIFY(named.outline->rest["names"]["1"] == "y" && named.outline->rest["x"]["images"][0]["no"] == 1);
        QVERIFY(!named.outline->rest.contains("images"));
        QVERIFY(!stream(R"({"images":3})", parts).outline->hasList);
    }

    void whatIsPassedOver() {
        const text::JsonParts parts{.passedOver = {"data"}};
        const Streamed some = stream(
            R"({"data":"x","a":{"data":{"data":[1,{"b":2}]},"c":1},"d":[{"data":[[]]},{"data":null,"e":2}]})", parts);
        QVERIFY(some.outline.ok());
        const Json& object = some.objects.at(0);
        QVERIFY(!object.contains("data") && !object["a"].contains("data") && object["a"]["c"] == 1);
        QVERIFY(object["d"].size() == 2 && object["d"][1]["e"] == 2 && !object["d"][1].contains("data"));
    }

    void limits() {
        const auto nested = [](int depth) {
            const auto times = static_cast<std::size_t>(depth);
            return std::string(times, '[') + std::string(times, ']');
        };
        QVERIFY(stream("{\"a\":" + nested(63) + "}").outline.ok());
        const auto deep = stream("{\"a\":\n" + nested(64) + "}").outline;
        QVERIFY(!deep.ok() && deep.error().where.line == 2);
        QVERIFY(!stream("{\"data\":" + nested(100000) + "}", {.passedOver = {"data"}}).outline.ok());
        QVERIFY(stream("{}", {.mostBytes = 1}).outline.error().code == ErrorCode::Unsupported);
        QVERIFY(stream("{\"a\":").outline.error().sentence.find("The file ends in the middle") != std::string::npos);
        QCOMPARE(stream("[{\"a\":NaN}]").outline->nonNumbers, std::int64_t{1});
    }

    void members() {
        const Json object = Json::parse(R"({"t":" x ","n":2.5,"list":[1,2],"side":1e12})");
        QCOMPARE(text::textOf(object, "t"), std::string("x"));
        QVERIFY(text::textOf(object, "n").empty() && text::textOf(7, "n").empty());
        QVERIFY(text::numberOf(text::memberOf(object, "n")) == 2.5 && !text::numberOf(text::memberOf(object, "t")));
        QVERIFY(text::numbersOf(object["list"], 2) && !text::numbersOf(object["list"], 3));
        QCOMPARE(text::sideOf(object, "side"), 0);
        QCOMPARE(text::sideOf(object, "n"), 2);
    }
};

QTEST_GUILESS_MAIN(TestJsonObjects)
#include "tst_json_objects.moc"
