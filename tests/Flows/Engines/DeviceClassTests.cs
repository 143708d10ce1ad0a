using FlowGrain.Flows.Engines;

namespace FlowGrain.Tests.Flows.Engines;

public sealed class DeviceClassTests
{
    private const string Config = """
        PyTorch built with:
          - GCC 9.4
          - Intel(R) oneAPI Math Kernel Library Version 2024.2-Product Build 20240605 for Intel(R) 64 architecture applications
          - Intel(R) MKL-DNN v3.7.1 (Git Hash 8d263e693366ef8db40acc569cc7d8edf644556d)
          - CPU capability usage: AVX512
          - Build settings: BLAS_INFO=mkl, BUILD_TYPE=Release, TORCH_VERSION=2.10.0, USE_CUDA=0,
        """;

    [Fact]
    public void It_says_what_the_bits_depend_on() =>
        Assert.Equal(new TorchBuild("2.10.0", "avx512", "mkl-2024.2"), TorchBuild.Parse(Config));

    [Fact]
    public void Another_library_of_matrix_products_is_another_class()
    {
        Assert.Equal("open", TorchBuild.Parse(Config.Replace("BLAS_INFO=mkl", "BLAS_INFO=open")).Blas);
        Assert.Equal("no-blas", TorchBuild.Parse(Config.Replace("BLAS_INFO=mkl, ", "")).Blas);
    }

    [Fact]
    public void A_libtorch_that_does_not_say_what_it_is_is_no_class()
    {
        Assert.Throws<InvalidDataException>(() => TorchBuild.Parse(Config.Replace("TORCH_VERSION", "")));
        Assert.Throws<InvalidDataException>(() => TorchBuild.Parse(Config.Replace("CPU capability", "")));
    }

    [Fact]
    public void On_this_machine_libtorch_itself_is_asked()
    {
        var build = TorchBuild.Loaded();
        Assert.Matches(@"^\d+\.\d+\.\d+$", build.Version);
        Assert.Matches(@"^torch-\d+\.\d+\.\d+-cpu-\w[\w-]*-mkl-\d{4}\.\d+-(AuthenticAMD|GenuineIntel|\w+)-\d+$", FlowEngines.DeviceClasses[^1]);
        Assert.Equal($"torch-{build.Version}-cpu-{build.Capability}-{build.Blas}-{TorchBuild.Processor()}", FlowEngines.DeviceClasses[^1]);
    }
}
