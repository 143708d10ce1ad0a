using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using FlowGrain.Serving;
using FlowGrain.Silo.Api.Sampling;

namespace FlowGrain.Tests.Silo.Api;

public sealed class JsonRowsTests
{
    [Fact]
    public void A_row_has_levels_by_name_whole_numbers_as_such_and_null_for_what_json_cannot_say()
    {
        var model = new ModelDescription("m", 1, "nsf", ["größe", "a \"b\"", "n"], [], 1, 0, 0, 0, 0, "", "", [], [])
        {
            Levels = ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add("a \"b\"", ["no", "jä\n"]),
            Whole = ["n"],
        };
        var target = new ArrayBufferWriter<byte>();
        new JsonRows(model).Write([0.1, 1, 3, double.NaN, 0, -2e15, double.PositiveInfinity, 1, double.NaN], target);
        Assert.Equal(
            """
            {"größe":0.1,"a \"b\"":"jä\n","n":3}
            {"größe":null,"a \"b\"":"no","n":-2000000000000000}
            {"größe":null,"a \"b\"":"jä\n","n":null}

            """,
            Encoding.UTF8.GetString(target.WrittenSpan));
    }

    [Fact]
    public void Days_are_written_as_dates()
    {
        var model = new ModelDescription("m", 1, "nsf", ["day", "at"], [], 1, 0, 0, 0, 0, "", "", [], []) { Whole = ["day"], Dates = ["day", "at"] };
        var target = new ArrayBufferWriter<byte>();
        new JsonRows(model).Write([19_000, 19_000.5, double.NaN, 1e9], target);
        Assert.Equal("{\"day\":\"2022-01-08\",\"at\":\"2022-01-08T12:00:00Z\"}\n{\"day\":null,\"at\":null}\n", Encoding.UTF8.GetString(target.WrittenSpan));
    }
}
