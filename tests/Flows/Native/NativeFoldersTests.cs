using FlowGrain.Flows.Native;

namespace FlowGrain.Tests.Flows.Native;

/// <summary>Which copy of torch a program takes.</summary>
public sealed class NativeFoldersTests : IDisposable
{
    private readonly string _program = Directory.CreateTempSubdirectory("flowgrain-test-").FullName;

    public void Dispose() => Directory.Delete(_program, recursive: true);

    [Fact]
    public void Libraries_beside_the_program_are_preferred()
    {
        File.WriteAllText(Path.Combine(_program, "libLibTorchSharp.so"), "");
        File.WriteAllText(Path.Combine(_program, "libtorch.so"), "");
        Assert.Equal(_program, NativeFolders.Find(_program, NativeFolders.OfPackages()).LibTorch);
    }

    [Fact]
    public void Without_them_the_package_cache_is_used() =>
        Assert.Equal(NativeFolders.OfPackages(), NativeFolders.Find(_program, NativeFolders.OfPackages()));

    [Fact]
    public void With_neither_the_error_names_both_places_and_the_fix()
    {
        var hidden = new NativeFolders("hidden", "/hidden/torchsharp", "/hidden/libtorch");
        var error = Assert.Throws<TorchNativeException>(() => NativeFolders.Find(_program, hidden));
        Assert.Contains(_program, error.Problem);
        Assert.Contains("/hidden/libtorch/libtorch.so", error.Problem);
        Assert.Contains("dotnet publish", error.Fix);
    }

    [Fact]
    public void A_copy_that_a_failed_load_left_is_removed()
    {
        var copy = Directory.CreateDirectory(Path.Combine(_program, "cpu"));
        File.WriteAllText(Path.Combine(copy.FullName, "libtorch_cpu.so"), "");
        File.WriteAllText(Path.Combine(copy.FullName, "libgomp-98b21ff3.so.1"), "");
        FailedLoad.RemoveCopy(_program);
        Assert.False(Directory.Exists(copy.FullName));
    }

    [Fact]
    public void A_folder_of_that_name_with_other_files_stays()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_program, "cpu"));
        File.WriteAllText(Path.Combine(folder.FullName, "libtorch_cpu.so"), "");
        File.WriteAllText(Path.Combine(folder.FullName, "notes.txt"), "");
        FailedLoad.RemoveCopy(_program);
        Assert.Equal(2, folder.GetFiles().Length);
    }
}
