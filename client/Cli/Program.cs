using FlowGrain.Cli;

using var interrupts = Interrupts.Listen();
return await CommandLine.Run(args, CliHost.OfThisProcess(interrupts));
