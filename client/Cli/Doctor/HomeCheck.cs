namespace FlowGrain.Cli.Doctor;

/// <summary>Whether the home folder can be written, or made. It makes none: a look leaves no trace.</summary>
internal sealed class HomeCheck(string home)
{
    private const string Fix = "choose another folder with --home or FLOWGRAIN_HOME";

    internal async Task<Check> Run(CancellationToken cancellation)
    {
        try
        {
            var folder = Existing(home);
            var probe = Path.Combine(folder, $".doctor.{Environment.ProcessId}");
            await File.WriteAllTextAsync(probe, "", cancellation);
            File.Delete(probe);
            return new("home", CheckStatus.Ok, folder == home ? $"{home} is writable" : $"{home} does not exist yet, and can be made");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new("home", CheckStatus.Fail, $"{home} is not writable: {error.Message}", Fix);
        }
    }

    private static string Existing(string path)
    {
        if (File.Exists(path)) throw new IOException($"'{path}' is a file.");
        return Directory.Exists(path) ? path : Existing(Path.GetDirectoryName(path)!);
    }
}
