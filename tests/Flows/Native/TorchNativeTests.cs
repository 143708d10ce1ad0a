using FlowGrain.Flows.Native;
using TorchSharp;

namespace FlowGrain.Tests.Flows.Native;

/// <summary>Torch in this very process.</summary>
public sealed class TorchNativeTests
{
    [Fact]
    public void Torch_multiplies_two_tensors()
    {
        TorchNative.Load();
        using var scope = torch.NewDisposeScope();
        Assert.Equal(6f, (torch.tensor(2f) * torch.tensor(3f)).item<float>());
    }

    [Fact]
    public async Task Every_thread_computes_with_one_torch_thread()
    {
        TorchNative.Load();
        Assert.Equal(1, torch.get_num_threads());
        Assert.Equal(1, await Task.Factory.StartNew(torch.get_num_threads, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default));
    }

    [Fact]
    public void The_report_says_where_torch_comes_from()
    {
        var report = TorchNative.Describe();
        Assert.True(report.IsLoaded, report.Message);
        Assert.Equal(NativeFolders.OfPackages().LibTorch, report.Folder);
        Assert.StartsWith("libstdc++.so.6", report.LibStdCxx);
        Assert.Equal(!SystemCxx.HasNewestDemand, report.Mended);
    }

    [Fact]
    public void Nothing_is_copied_beside_the_program()
    {
        TorchNative.Load();
        Assert.False(Directory.Exists(Path.Combine(AppContext.BaseDirectory, "cpu")));
        Assert.Empty(Directory.EnumerateFiles(AppContext.BaseDirectory, "*torch*.so*", SearchOption.AllDirectories));
    }
}
