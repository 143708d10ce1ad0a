using System.Globalization;
using System.Text.Json;
using FlowGrain.Flows.Numerics;
using FlowGrain.Tests.Grains.Training;

namespace FlowGrain.Tests.Client.Processes;

/// <summary>Training as real processes that are killed: the model must come out as if nothing had happened.</summary>
public sealed class KillTests : IDisposable
{
    private static readonly string Program = RealProcess.Program("FlowGrain.Cli", "flowgrain.dll");

    private readonly TempFolder _folder = new();

    public KillTests() => _folder.Write("table.csv", Table());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_that_is_killed_and_started_again_ends_with_the_bits_of_an_undisturbed_one()
    {
        using var calm = Train("calm", slots: 1);
        using (var killed = Train("killed", slots: 2))
        {
            await Committed(killed, "killed");
            var (code, output, _) = await killed.Kill();
            Assert.Equal((137, ""), (code, output));
        }

        Assert.False(Directory.Exists(Path.Combine(_folder.In("killed"), "models", "m")));
        using var again = Train("killed", slots: 1);
        var (resumed, undisturbed) = (await Result(again), await Result(calm));
        Assert.Equal(undisturbed.GetProperty("weightsSha256").GetString(), resumed.GetProperty("weightsSha256").GetString());
        Assert.Equal(undisturbed.GetProperty("validationNll").GetDouble(), resumed.GetProperty("validationNll").GetDouble());
        Assert.Equal(undisturbed.GetProperty("steps").GetInt64(), resumed.GetProperty("steps").GetInt64());
        Assert.Equal(RunRecords.Bits(undisturbed.GetProperty("path").GetString()!), RunRecords.Bits(resumed.GetProperty("path").GetString()!));
        Assert.Equal(Enumerable.Range(1, 600).Select(step => (long)step), RunRecords.Rounds(resumed.GetProperty("path").GetString()!).Select(round => round.Step));
    }

    [Fact]
    public async Task A_process_that_is_halted_for_longer_than_every_timeout_goes_on_when_it_wakes()
    {
        using var calm = Train("calm", slots: 1, steps: 1200);
        using var halted = Train("halted", slots: 2, steps: 1200);
        await Committed(halted, "halted");
        await halted.Sleep(TimeSpan.FromSeconds(32)); // Orleans gives a call thirty
        Assert.Equal((await Result(calm)).GetProperty("weightsSha256").GetString(), (await Result(halted)).GetProperty("weightsSha256").GetString());
        Assert.DoesNotContain("Response", halted.Errors);
    }

    [Fact]
    public async Task A_second_process_on_the_same_run_ends_with_2_naming_the_first()
    {
        using var first = Train("shared", slots: 1, steps: 1_000_000);
        await Committed(first, "shared");
        using var second = Train("shared", slots: 1, steps: 1_000_000);
        var (code, _, errors) = await second.End();
        Assert.Equal(2, code);
        Assert.Contains($"process {first.Id}", errors);
        Assert.False(first.HasExited, first.Errors);
    }

    [Fact]
    public async Task A_run_that_is_told_to_end_says_by_what_and_goes_on_from_its_checkpoint()
    {
        using var told = Train("told", slots: 1, steps: 1_000_000);
        await Committed(told, "told");
        told.Stop();
        var (code, output, errors) = await told.End();
        Assert.Equal(130, code);
        Assert.Equal(errors.Trim(), JsonDocument.Parse(output).RootElement.GetProperty("error").GetString());
        Assert.Matches(@"^Stopped by SIGTERM after step [\d,]+ of 1,000,000\. The checkpoint is kept: the same command resumes it\.$", errors.Trim());
        using var shown = RealProcess.Start(Program, ["runs", "show", "m", "--home", _folder.In("told"), "--json"]);
        var step = (await Result(shown)).GetProperty("step").GetInt64();
        Assert.Contains($"after step {step:#,0} of", errors);
    }

    private RealProcess Train(string home, int slots, int steps = 600) => RealProcess.Start(
        Program,
        ["train", _folder.In("table.csv"), "--home", _folder.In(home), "--name", "m", "--model", "nsf", "--set", "transforms=2", "--set", "hidden=8", "--set", "blocks=1",
            "--steps", $"{steps}", "--batch", "32", "--shards", "4", "--json", "--quiet"],
        ("Devices__Cpu", $"{slots}"));

    /// <summary>Waits until the first snapshot has its name.</summary>
    private async Task Committed(RealProcess process, string home)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var snapshot = Appearance.Of(Path.Combine(_folder.In(home), "runs", "m", "1"), "r*", patience.Token);
        await Task.WhenAny(snapshot, process.Exited);
        Assert.True(snapshot.IsCompletedSuccessfully, $"it {(process.HasExited ? "ended before its first snapshot" : "had no snapshot after a minute")}: {process.Errors}");
    }

    private static async Task<JsonElement> Result(RealProcess process)
    {
        var (code, output, errors) = await process.End();
        Assert.True(code == 0, $"exit {code}: {errors}");
        return JsonDocument.Parse(output).RootElement;
    }

    private static string Table()
    {
        var random = new CounterRandom(1, "table");
        var rows = Enumerable.Range(0, 600).Select(i =>
        {
            var u = random.Normal(2 * i);
            return string.Create(CultureInfo.InvariantCulture, $"{u},{u * u + 0.1 * random.Normal(2 * i + 1)}");
        });
        return $"a,b\n{string.Join("\n", rows)}\n";
    }
}
