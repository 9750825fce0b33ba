// What the core costs by itself, without sockets: dotnet run -c Release --project bench/micro -- --filter '*'
using BenchmarkDotNet.Running;
using Krmx.MicroBench;

BenchmarkSwitcher.FromAssembly(typeof(CodecBenchmarks).Assembly).Run(args);
