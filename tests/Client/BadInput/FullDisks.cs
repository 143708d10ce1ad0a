using FlowGrain.Cli;
using FlowGrain.Tests.Grains;
using FlowGrain.Tests.Grains.Data;
using FlowGrain.Training;

namespace FlowGrain.Tests.Client.BadInput;

/// <summary>A disk that is full on the way: the sentence, nothing half written, and with room again the same command succeeds.</summary>
public sealed class FullDisks(RealCli cli) : IClassFixture<RealCli>
{
    private const int Room = 64; // kilobytes: some of a result fits, not all of it

    public static TheoryData<string> Results => [.. from format in new[] { "csv", "parquet", "npy" } from use in new[] { "score {table} --model m", "sample --model m -n 20000" } select $"{use} --out {{disk}}/out.{format}"];

    [Theory, MemberData(nameof(Results)), InlineData("plot --model m --out {disk}/out.png")]
    public async Task A_result_that_finds_no_room_is_absent_and_whole_when_there_is(string use)
    {
        var table = cli.In("many.npy");
        File.WriteAllBytes(table, Npy.Of(Tables.Normal(20_000, 2)));
        using var disk = new SmallDisk(kilobytes: 4096);
        string[] words = [.. use.Replace("{table}", table, StringComparison.Ordinal).Replace("{disk}", disk.Path, StringComparison.Ordinal).Split(' ')];
        disk.Fill(butKilobytes: words[0] == "plot" ? 0 : Room);
        RequireFull(await cli.Run(words), disk.Path);
        Assert.Equal([disk.In("filler")], Directory.EnumerateFileSystemEntries(disk.Path));

        disk.Free();
        var done = await cli.Run(words);
        Assert.True(done.Code == ExitCode.Ok, done.Error);
        Assert.Equal([words[^1]], Directory.EnumerateFileSystemEntries(disk.Path));
    }

    [Theory, InlineData("score {table} --model m --out {disk}/out.csv"), InlineData("sample --model m --out {disk}/out.npy"), InlineData("plot --model m --out {disk}/out.png")]
    public async Task A_disk_that_may_not_be_written_is_said_with_the_file(string use)
    {
        TableFormats.Write(cli.In("t.csv"), Grid.Good);
        using var disk = new SmallDisk(kilobytes: 64);
        disk.Protect();
        (await cli.Run(use.Replace("{table}", cli.In("t.csv"), StringComparison.Ordinal).Replace("{disk}", disk.Path, StringComparison.Ordinal).Split(' ')))
            .RequireRefusal($"'{disk.In("out")}.", "cannot be written", "ead-only file system", "name a file elsewhere");
        Assert.Empty(Directory.EnumerateFileSystemEntries(disk.Path));
    }

    [Fact]
    public async Task A_table_whose_blocks_find_no_room_leaves_none_and_is_imported_when_there_is()
    {
        using var disk = new SmallDisk(kilobytes: 16_384);
        await using var cli = await On(disk);
        File.WriteAllBytes(cli.In("t.npy"), Npy.Of(Tables.Normal(70_000, 2)));
        string[] train = ["train", cli.In("t.npy"), "--steps", "2", "--set", "hidden=8", "--name", "blocks"];
        disk.Fill(butKilobytes: 512);
        var full = await cli.Run(train);
        RequireFull(full, disk.Path);
        Assert.Empty(full.Left);

        disk.Free();
        var done = await cli.Run(train);
        Assert.True(done.Code == ExitCode.Ok, done.Error);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_checkpoint_that_finds_no_room_ends_the_run_and_the_same_command_goes_on_from_the_one_before()
    {
        using var disk = new SmallDisk(kilobytes: 16_384);
        await using var cli = await On(disk);
        TableFormats.Write(cli.In("t.csv"), Grid.Good);
        string[] train = ["train", cli.In("t.csv"), "--steps", "10000", "--set", "hidden=8", "--shards", "2", "--batch", "8", "--validation", "0", "--name", "kept", "--json", "--quiet"];
        var running = cli.Run(train);
        var folder = Path.Combine(cli.Home, "runs", "kept", "1");
        await Appearance.Of(folder, "r*", TestContext.Current.CancellationToken);
        var run = cli.Grains.GetGrain<IRunGrain>("kept");
        var kept = await EmbeddedFixture.Until(run, progress =>
        {
            disk.Fill(); // again whenever an older checkpoint gives way
            return progress.Phase.IsAtRest();
        });
        RequireFull(await running, disk.Path);
        Assert.InRange(kept.Step, 1, 9999);

        disk.Free();
        var done = await cli.Run(train);
        Assert.True(done.Code == ExitCode.Ok, done.Error);
        var undisturbed = await cli.Run([.. train.Select(word => word == "kept" ? "calm" : word)]);
        Assert.Equal(undisturbed.Json.GetProperty("weightsSha256").GetString(), done.Json.GetProperty("weightsSha256").GetString());
    }

    private static async Task<RealCli> On(SmallDisk disk)
    {
        var cli = new RealCli(disk.In("home"));
        await cli.InitializeAsync();
        return cli;
    }

    private static void RequireFull(CliAnswer answer, string disk)
    {
        Assert.True(answer.Code == ExitCode.Usage, $"exit code {answer.Code}: {answer.Error}");
        Assert.Matches($"^The disk that holds '{disk}[^']*' is full; free some space and run the same command again\\.\n$", answer.Error);
    }
}
