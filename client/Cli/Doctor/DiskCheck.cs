namespace FlowGrain.Cli.Doctor;

/// <summary>Whether there is room for data, checkpoints and models.</summary>
internal sealed class DiskCheck(string home)
{
    private const double Enough = 2, Least = 0.2; // gigabytes: imported data is about as large as its csv, a checkpoint some megabytes

    internal Task<Check> Run(CancellationToken cancellation)
    {
        var free = new DriveInfo(Existing(home)).AvailableFreeSpace / 1e9;
        var status = free >= Enough ? CheckStatus.Ok : free >= Least ? CheckStatus.Warn : CheckStatus.Fail;
        var fix = status == CheckStatus.Ok ? null : "free some space, or choose another disk with --home";
        return Task.FromResult(new Check("disk", status, $"{free:0.0} GB free for {home}", fix));
    }

    private static string Existing(string folder) => Directory.Exists(folder) ? folder : Existing(Path.GetDirectoryName(folder)!);
}
