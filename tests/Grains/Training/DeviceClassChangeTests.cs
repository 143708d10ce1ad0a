using System.Security.Cryptography;
using System.Text.Json;
using FlowGrain.Training;
using Microsoft.Data.Sqlite;

namespace FlowGrain.Tests.Grains.Training;

/// <summary>A run that was begun in a device class which this machine does not compute in.</summary>
public sealed class DeviceClassChangeTests
{
    private const string Other = "kernels-of-another-machine";

    [Fact]
    public async Task It_is_refused_until_its_user_accepts_the_class_and_then_its_record_says_from_which_round_on()
    {
        using var folder = new TempFolder();
        var stoppedAt = await BegunElsewhere(folder);
        await using var embedded = await EmbeddedFixture.Start(folder: folder);
        var (run, plan) = (embedded.Run("m"), embedded.Plan(steps: 3000));

        var refused = await Assert.ThrowsAsync<BadInputException>(() => run.Start(plan, TestContext.Current.CancellationToken));
        Assert.StartsWith($"Run 'm' was begun in the device class {Other} and this machine computes in ", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("'flowgrain runs resume m --accept-class'.", refused.Message, StringComparison.Ordinal);

        await run.Resume(acceptClass: true, TestContext.Current.CancellationToken);
        await EmbeddedFixture.Until(run, progress => progress.Phase == RunPhase.Finished);
        var record = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(embedded.Home, "models", "m", "1", "run.json"), TestContext.Current.CancellationToken)).RootElement;
        var spans = record.GetProperty("deviceClasses").EnumerateArray().Select(span => (span.GetProperty("fromRound").GetInt64(), span.GetProperty("deviceClass").GetString())).ToArray();
        Assert.Equal([(0, Other), (stoppedAt, (await run.Result())!.DeviceClass)], spans);
    }

    [Fact]
    public async Task A_run_that_never_was_cannot_be_resumed()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var refused = await Assert.ThrowsAsync<NotFoundException>(() => embedded.Run("m").Resume(acceptClass: false, TestContext.Current.CancellationToken));
        Assert.Equal("There is no run 'm' to resume; start one with 'flowgrain train'.", refused.Message);
    }

    /// <summary>Trains some rounds and rewrites the checkpoint as another machine would have written it; returns the rounds.</summary>
    private static async Task<long> BegunElsewhere(TempFolder folder)
    {
        long step;
        await using (var embedded = await EmbeddedFixture.Start(folder: folder))
        {
            var run = embedded.Run("m");
            await run.Start(embedded.Plan(steps: 3000), TestContext.Current.CancellationToken);
            await EmbeddedFixture.Until(run, progress => progress.Step > 20);
            step = (await run.Stop()).Step;
        }

        foreach (var path in Directory.EnumerateFiles(folder.In("home"), "manifest.json", SearchOption.AllDirectories).Where(path => path.Contains("runs", StringComparison.Ordinal)))
        {
            var here = JsonDocument.Parse(await File.ReadAllTextAsync(path)).RootElement.GetProperty("deviceClass").GetString()!;
            var before = await File.ReadAllBytesAsync(path);
            await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path)).Replace(here, Other, StringComparison.Ordinal));
            Journal(folder, before, await File.ReadAllBytesAsync(path));
        }

        return step;
    }

    private static void Journal(TempFolder folder, byte[] before, byte[] after)
    {
        using var journal = new SqliteConnection($"Data Source={folder.In("home/journal.db")};Pooling=False");
        journal.Open();
        using var command = journal.CreateCommand();
        command.CommandText = "UPDATE snapshots SET sha256 = $after WHERE sha256 = $before";
        command.Parameters.AddWithValue("$before", Convert.ToHexStringLower(SHA256.HashData(before)));
        command.Parameters.AddWithValue("$after", Convert.ToHexStringLower(SHA256.HashData(after)));
        Assert.Equal(1, command.ExecuteNonQuery());
    }
}
