namespace Krmx.Simulation;

/// <summary>Random numbers that a seed decides, the same on every machine (SplitMix64).</summary>
public sealed class Rng(ulong seed)
{
    private ulong _state = seed;

    public int Below(int bound)
    {
        _state += 0x9E3779B97F4A7C15;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return (int)((z >> 33) % (ulong)bound);
    }

    public bool OneIn(int n) => Below(n) == 0;
}
