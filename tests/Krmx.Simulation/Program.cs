using Krmx.Simulation;
using Krmx.Simulation.EndToEnd;

// The soak: dotnet run -c Release --project tests/Krmx.Simulation -- [room | sessions | durable] [steps] [first seed]
long steps = 10_000_000;
ulong seed = 1;
string kind = "room";
if (args is ["room" or "sessions" or "durable", ..])
    (kind, args) = (args[0], args[1..]);
if ((args.Length > 0 && !long.TryParse(args[0], out steps)) || (args.Length > 1 && !ulong.TryParse(args[1], out seed)) || args.Length > 2 || steps < 1)
{
    Console.Error.WriteLine("usage: Krmx.Simulation [room | sessions | durable; default room] [steps, at least 1; default 10000000] [first seed; default 1]");
    return 2;
}

long next = 0;
void ShowProgress(long done)
{
    long tenth = done * 10 / steps;
    if (tenth > Interlocked.Exchange(ref next, Math.Max(tenth, Volatile.Read(ref next))))
        Console.WriteLine($"{done:N0} steps");
}

Report report = kind switch
{
    "sessions" => SessionSimulator.Many(seed, steps, ShowProgress),
    "durable" => DurableSimulator.Many(seed, steps, ShowProgress),
    _ => Simulator.Safety(seed, steps, ShowProgress),
};
Console.WriteLine(report);
return report.Failure is null ? 0 : 1;
