using System.Diagnostics;

namespace FlowGrain.Tests;

/// <summary>A disk of its own with little room. Skips the test where the system does not let it be mounted.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TempFolder _folder = new();

    internal SmallDisk(int kilobytes)
    {
        var mounted = OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "tmpfs", Path);
        if (!mounted) _folder.Dispose();
        Assert.SkipUnless(mounted, "A full disk needs one that can be filled: run the tests as root, who may mount a tmpfs.");
    }

    internal string Path => _folder.Path;

    internal string In(string name) => _folder.In(name);

    /// <summary>Takes all the room that is left but some; may be repeated.</summary>
    internal void Fill(int butKilobytes = 0)
    {
        using var file = new FileStream(In("filler"), FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        Assert.Throws<IOException>(() => WriteForEver(file));
        file.SetLength(Math.Max(0, file.Length - butKilobytes * 1024));
    }

    /// <summary>Lets nobody write on it any more.</summary>
    internal void Protect() => Assert.True(Run("mount", "-o", "remount,ro", Path));

    /// <summary>Gives back what <see cref="Fill"/> took.</summary>
    internal void Free() => File.Delete(In("filler"));

    public void Dispose()
    {
        Run("umount", "--lazy", Path);
        _folder.Dispose();
    }

    private static void WriteForEver(FileStream file)
    {
        while (true) file.Write(new byte[4096]);
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
