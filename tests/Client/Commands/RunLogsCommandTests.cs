using FlowGrain.Cli;
using FlowGrain.Training;
using Microsoft.Extensions.Logging;

namespace FlowGrain.Tests.Client.Commands;

public sealed class RunLogsCommandTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly List<RunLogLine> Said =
    [
        new(Noon, "10.0.0.5:11111", LogLevel.Information, "RunStarted", "Run 'mine' starts") { File = "f.jsonl", End = 100 },
        new(Noon.AddSeconds(1.5), "10.0.0.6:11111", LogLevel.Error, "RunFailed", "Run 'mine' failed at step 3", "IOException: no space") { File = "g.jsonl", End = 120 },
    ];

    [Fact]
    public async Task Each_line_has_its_time_its_level_and_its_silo()
    {
        using var cli = new TestCli(new() { Said = Said });
        Assert.Equal(ExitCode.Ok, await cli.Run("runs", "logs", "mine"));
        Assert.Equal(
            "2026-01-01T12:00:00.000Z information 10.0.0.5:11111 Run 'mine' starts\n2026-01-01T12:00:01.500Z error 10.0.0.6:11111 Run 'mine' failed at step 3: IOException: no space\n",
            cli.Out);
        Assert.Equal(["log of mine"], cli.Cluster.Asked);
    }

    [Fact]
    public async Task In_json_a_line_is_an_object()
    {
        using var cli = new TestCli(new() { Said = Said });
        Assert.Equal(ExitCode.Ok, await cli.Run("runs", "logs", "mine", "--follow", "--json"));
        Assert.Equal(
            [
                """{"time":"2026-01-01T12:00:00+00:00","silo":"10.0.0.5:11111","level":"information","event":"RunStarted","message":"Run 'mine' starts","error":null,"traceId":null,"file":"f.jsonl","end":100}""",
                """{"time":"2026-01-01T12:00:01.5+00:00","silo":"10.0.0.6:11111","level":"error","event":"RunFailed","message":"Run 'mine' failed at step 3","error":"IOException: no space","traceId":null,"file":"g.jsonl","end":120}""",
            ],
            cli.Out.TrimEnd('\n').Split('\n'));
        Assert.Equal(["log of mine and on"], cli.Cluster.Asked);
    }

    [Fact]
    public async Task Ctrl_C_ends_the_following_alone()
    {
        using var cli = new TestCli(new() { Said = Said, SaysOn = new() });
        var following = cli.Run("runs", "logs", "mine", "--follow");
        await cli.Interrupt();
        Assert.Equal(ExitCode.Interrupted, await following);
        Assert.Equal("Ctrl+C ended the reading alone; mine goes on.\n", cli.Error);
        Assert.Equal(2, cli.Out.TrimEnd('\n').Split('\n').Length);
    }
}
