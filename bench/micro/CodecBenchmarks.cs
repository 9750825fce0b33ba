using BenchmarkDotNet.Attributes;
using Krmx.Protocol;

namespace Krmx.MicroBench;

/// <summary>Reading and writing one message of 100 bytes.</summary>
[MemoryDiagnoser]
public class CodecBenchmarks
{
    private readonly byte[] _frame = FrameWriter.Write(KrmxMessage.Create("load/message", new string('x', 62)));
    private readonly KrmxMessage _message = KrmxMessage.Create("load/message", new string('x', 62));

    [Benchmark]
    public InboundFrame Parse() => InboundFrame.Parse(_frame);

    [Benchmark]
    public byte[] Write() => FrameWriter.Write(_message);
}
