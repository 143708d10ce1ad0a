using System.Diagnostics;
using System.Text.Json;
using FlowGrain.Cli.Output;
using FlowGrain.Training;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace FlowGrain.Tests.Client;

/// <summary>What stands on stderr when several speak at once.</summary>
public sealed class TalkTests
{
    private static readonly Terminal Screen = new(OutIsTerminal: true, ErrorIsTerminal: true, Width: 80, Height: 24, ColorDepth.None);

    [Theory]
    [InlineData("", "warning: slow\nerror: full: no space left\n")]
    [InlineData("--quiet", "error: full: no space left\n")]
    [InlineData("--verbose", "debug FlowGrain.A: detail\ninfo FlowGrain.A: news\nwarning FlowGrain.A: slow\nerror FlowGrain.A: full\nSystem.IO.IOException: no space\nleft\nerror Orleans.Silo: odd\n")]
    public async Task The_embedded_silo_logs_warnings_and_worse_unless_told_otherwise(string option, string expected)
    {
        using var cli = new TestCli();
        await cli.Run(["runs", "--json", .. option.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        using var logs = LoggerFactory.Create(cli.Logging);
        var log = logs.CreateLogger("FlowGrain.A");
        log.LogDebug("detail");
        log.LogInformation("news");
        log.LogWarning("slow");
        log.LogError(new IOException("no space\nleft"), "full");
        logs.CreateLogger("Orleans.Silo").LogError("odd"); // its words are not for everyone
        Assert.Equal(expected, cli.Error);
    }

    [Fact]
    public async Task The_embedded_silo_logs_as_JSON_where_that_is_asked_for()
    {
        using var cli = new TestCli { Variables = { ["Logging__Console__FormatterName"] = "json" } };
        await cli.Run("runs", "--json");
        using var logs = LoggerFactory.Create(cli.Logging);
        using var span = new Activity("request").Start();
        logs.CreateLogger("FlowGrain.A").RunNotGoneOn(new IOException("no space"), "m");
        var line = JsonDocument.Parse(Assert.Single(cli.Error.TrimEnd().Split('\n'))).RootElement;
        Assert.Equal(
            ("warning", "FlowGrain.A", 1017, "Run 'm' should go on here and cannot yet", "m", span.TraceId.ToHexString(), span.SpanId.ToHexString()),
            (Text("level"), Text("category"), line.GetProperty("event").GetInt32(), Text("message"), Text("flowgrain.run"), Text("trace_id"), Text("span_id")));
        Assert.StartsWith("System.IO.IOException: no space", Text("error"));

        string? Text(string field) => line.GetProperty(field).GetString();
    }

    [Theory, InlineData("--no-color", false), InlineData("--verbose", true)]
    public async Task A_failure_that_ends_the_command_is_left_to_its_sentence(string option, bool said)
    {
        using var cli = new TestCli();
        await cli.Run("runs", "--json", option);
        using var logs = LoggerFactory.Create(cli.Logging);
        logs.CreateLogger("FlowGrain.A").RunFailed(new InvalidOperationException("odd"), "m", step: 3);
        logs.CreateLogger("FlowGrain.A").WorkerFailed(new InvalidOperationException("odd"), "m", "m/0");
        Assert.Equal(said, cli.Error.Contains("odd", StringComparison.Ordinal));
    }

    [Fact]
    public void A_line_goes_above_the_picture_that_is_redrawn_in_place()
    {
        using var text = new StringWriter();
        var talk = new Talk(text, Screen);
        talk.Show(new Text("one\ntwo"));
        talk.Line("a warning");
        talk.Show(new Text("three"));
        talk.Keep();
        talk.Line("after");
        Assert.Equal("one\ntwo\n\r\e[2A\e[Ja warning\none\ntwo\n\r\e[2A\e[Jthree\nafter\n", text.ToString());
    }

    [Fact]
    public void A_picture_that_is_cleared_leaves_nothing()
    {
        using var text = new StringWriter();
        var talk = new Talk(text, Screen);
        talk.Show(new Text("one"));
        talk.Clear();
        talk.Line("after");
        Assert.Equal("one\n\r\e[1A\e[Jafter\n", text.ToString());
    }
}
