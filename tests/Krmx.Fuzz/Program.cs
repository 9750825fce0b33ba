using Krmx.Fuzz;
using SharpFuzz;

// Krmx.Fuzz TARGET [FILE]...: checks files, or is driven by afl-fuzz where there are none. For people there is run.sh.
FuzzTarget? target = FuzzTarget.All.FirstOrDefault(target => target.Name == args.FirstOrDefault());
if (target is null)
{
    Console.Error.WriteLine($"usage: Krmx.Fuzz {string.Join('|', FuzzTarget.All.Select(target => target.Name))} [FILE]...");
    return 2;
}
if (args.Length == 1)
{
    using var input = new MemoryStream();
    Fuzzer.Run(stream =>
    {
        input.SetLength(0);
        stream.CopyTo(input);
        target.Check(input.ToArray());
    });
    return 0;
}
int broken = 0;
foreach (string file in args.Skip(1))
{
    try
    {
        target.Check(File.ReadAllBytes(file));
        Console.WriteLine($"{file}: holds");
    }
    catch (Exception error)
    {
        broken++;
        Console.WriteLine($"{file}: {error}");
    }
}
return broken == 0 ? 0 : 1;
