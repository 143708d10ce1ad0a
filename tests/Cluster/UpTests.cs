using System.Diagnostics;
using System.Text.Json;
using FlowGrain.Tests.Grains;

namespace FlowGrain.Tests.Cluster;

/// <summary><c>flowgrain up</c> as real processes, used by commands from a folder that its silos cannot read.</summary>
public sealed class UpTests : IAsyncLifetime
{
    private static readonly string Program = RealProcess.Program("FlowGrain.Cli", "flowgrain.dll");

    private readonly TempFolder _folder = new();
    private RealProcess _up = null!;
    private string[] _urls = [];

    public async ValueTask InitializeAsync() => await Up();

    public async ValueTask DisposeAsync()
    {
        var silos = Silos();
        _up.Stop();
        var (code, _, errors) = await _up.End();
        _up.Dispose();
        _folder.Dispose();
        Assert.True(code == 0, $"exit {code}: {errors}");
        Assert.DoesNotContain(silos, Runs); // all are gone
    }

    [Fact(Timeout = 240_000)]
    public async Task Commands_give_the_bits_of_the_embedded_cluster_also_when_a_silo_dies_and_comes_back()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var embedded = await EmbeddedFixture.Start();
        var data = embedded.Plan().Data.Path;
        string[] train = ["train", data, "--columns", "a,b", "--steps", "400", "--set", "transforms=2", "--set", "hidden=8", "--json"];
        var alone = await Json([.. train, "--home", _folder.In("alone")]);
        Assert.Equal(2, _urls.Length);

        using var killed = Start([.. train, "--name", "m", "--cluster", _urls[0]]);
        await Training("m");
        Process.GetProcessById(Pid("silo-2")).Kill();
        var (code, output, errors) = await killed.End();
        Assert.True(code == 0, errors);
        Assert.Contains("Uploading table.csv", errors);
        Assert.Equal(alone.GetProperty("weightsSha256").GetString(), JsonDocument.Parse(output).RootElement.GetProperty("weightsSha256").GetString());
        await _up.Says("silo-2 ended with exit code 137", cancellation);

        var scores = _folder.In("scores.csv");
        var scored = await Json("score", data, "--model", "m", "--out", scores, "--cluster", _urls[0], "--json");
        Assert.Equal((600, 601), (scored.GetProperty("rows").GetInt32(), (await File.ReadAllLinesAsync(scores, cancellation)).Length));
        var there = _folder.In("there.npy");
        await Json("sample", "--model", "m", "-n", "100", "--out", there, "--cluster", _urls[0], "--json");
        await Json("sample", "--model", "table", "-n", "100", "--out", _folder.In("here.npy"), "--home", _folder.In("alone"), "--json");
        Assert.Equal(await File.ReadAllBytesAsync(_folder.In("here.npy"), cancellation), await File.ReadAllBytesAsync(there, cancellation));
        Assert.Equal(600, (await Json("evaluate", data, "--model", "m", "--cluster", _urls[0], "--json")).GetProperty("rows").GetInt32());
    }

    [Fact(Timeout = 240_000)]
    public async Task Up_after_a_kill_ends_what_was_left_running_and_has_its_runs_again()
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        await using var embedded = await EmbeddedFixture.Start();
        string[] train = ["train", embedded.Plan().Data.Path, "--columns", "a,b", "--model", "nice", "--steps", "20", "--name", "m", "--json"];
        var first = await Json([.. train, "--cluster", _urls[0]]);
        var (left, urls) = (Silos(), _urls);
        await _up.Kill();
        _up.Dispose();
        using var besides = Start("runs", "--home", _folder.In("home"));
        var refused = await besides.End();
        Assert.Equal(2, refused.Code);
        Assert.Contains($"such as {urls[0]} where a killed 'up' has left them", refused.Errors);
        await Up();

        Assert.Equal(urls, _urls);
        Assert.DoesNotContain(left, Runs);
        Assert.Equal("finished", (await Json("runs", "show", "m", "--cluster", _urls[0], "--json")).GetProperty("phase").GetString());
        Assert.Equal(first.GetProperty("weightsSha256").GetString(), (await Json([.. train, "--cluster", _urls[0]])).GetProperty("weightsSha256").GetString());
        Assert.Equal(40, (await Json([.. train.Select(word => word == "20" ? "40" : word), "--cluster", _urls[1]])).GetProperty("steps").GetInt32()); // the grains live again
    }

    [Fact(Timeout = 240_000)]
    public async Task Ctrl_C_stops_the_run_after_its_round_and_a_second_up_on_the_home_is_refused()
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        await using var embedded = await EmbeddedFixture.Start();
        using var training = Start("train", embedded.Plan().Data.Path, "--columns", "a,b", "--model", "nice", "--steps", "10000000", "--name", "long", "--cluster", _urls[1], "--json");
        await Training("long");
        training.Stop();
        var (code, output, errors) = await training.End();
        Assert.Equal(130, code);
        Assert.Contains("\"exitCode\":130", output);
        Assert.Contains("The checkpoint is kept", errors);
        Assert.Equal("stopped", (await Json("runs", "show", "long", "--cluster", _urls[0], "--json")).GetProperty("phase").GetString());

        using var besides = Start("runs", "--home", _folder.In("home"));
        var elsewhere = await besides.End();
        Assert.Equal(2, elsewhere.Code);
        Assert.Contains($"The silos of an 'up' work on {_folder.In("home")}; reach them with --cluster {_urls[0]}, or choose another --home.", elsewhere.Errors);

        using var second = Start("up", "--home", _folder.In("home"));
        var refused = await second.End();
        Assert.Equal(2, refused.Code);
        Assert.Contains($"Another 'up' runs on {_folder.In("home")} and answers at {_urls[0]};", refused.Errors);
    }

    [Fact(Timeout = 240_000)]
    public async Task After_its_end_a_command_that_needs_its_runs_says_where_they_are_and_its_models_are_there()
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        await using var embedded = await EmbeddedFixture.Start();
        var (data, home) = (embedded.Plan().Data.Path, _folder.In("home"));
        string[] train = ["train", data, "--columns", "a,b", "--model", "nice", "--steps", "20", "--name", "m"];
        await Json([.. train, "--cluster", _urls[0], "--json"]);
        _up.Stop();
        await _up.End();
        _up.Dispose();

        string[][] needing = [["runs"], ["runs", "show", "m"], train, ["runs", "resume", "m"]];
        foreach (var command in needing)
        {
            using var process = Start([.. command, "--home", home]);
            var (code, output, errors) = await process.End();
            Assert.True((2, "") == (code, output), $"{string.Join(' ', command)} exits with {code}: {output}{errors}");
            Assert.Contains($"The runs of {home} stand in the Redis of an 'up', which has ended; start it again with 'flowgrain up --home {home}'", errors);
        }

        Assert.False(File.Exists(Path.Combine(home, "journal.db")));
        Assert.Equal(600, (await Json("score", data, "--model", "m", "--home", home, "--json")).GetProperty("rows").GetInt32());
        Assert.Equal(1, (await Json("models", "--home", home, "--json")).GetProperty("models").GetArrayLength());
        await Up();
        Assert.Equal(1, (await Json("runs", "--cluster", _urls[0], "--json")).GetProperty("runs").GetArrayLength());
    }

    private async Task Up()
    {
        _up = RealProcess.Start(Program, ["up", "--silos", "2", "--home", _folder.In("home"), "--json"]);
        var line = await _up.FirstLine();
        _urls = [.. JsonDocument.Parse(line).RootElement.GetProperty("urls").EnumerateArray().Select(url => url.GetString()!)];
    }

    private static RealProcess Start(params string[] arguments) => RealProcess.Start(Program, arguments);

    private static async Task<JsonElement> Json(params string[] arguments)
    {
        using var command = Start(arguments);
        var (code, output, errors) = await command.End();
        Assert.True(code == 0, $"{string.Join(' ', arguments)} exits with {code}: {errors}");
        return JsonDocument.Parse(output).RootElement;
    }

    /// <summary>Waits until a run has made its first steps.</summary>
    private async Task Training(string run)
    {
        using var http = new HttpClient();
        while (true)
        {
            using var answer = await http.GetAsync(new Uri($"{_urls[0]}/api/v1/runs/{run}"), TestContext.Current.CancellationToken);
            var progress = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
            if (answer.IsSuccessStatusCode && progress.GetProperty("step").GetInt64() > 20) return;
        }
    }

    private int[] Silos() => [Pid("silo-1"), Pid("silo-2"), Pid("redis")];

    private int Pid(string name) => int.Parse(File.ReadAllText(Path.Combine(_folder.In("home"), "up", $"{name}.pid")), System.Globalization.CultureInfo.InvariantCulture);

    private static bool Runs(int process) => Directory.Exists($"/proc/{process}");
}
