namespace Krmx.Cli.Bench;

/// <summary>What the load is; the command's options say more.</summary>
internal sealed record BenchOptions(
    Uri Uri,
    int Clients,
    int Senders,
    int Window,
    int? Rate,
    int MessageLength,
    TimeSpan WarmUp,
    TimeSpan Duration,
    int Ramp,
    int? Process,
    TimeSpan Patience);
