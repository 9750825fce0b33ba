using System.Diagnostics;
using System.Numerics;

namespace Krmx.Load;

/// <summary>Counts how long things took, to within 2%; any thread may record.</summary>
internal sealed class Latencies
{
    private const int PrecisionBits = 6;

    private readonly long[] _counts = new long[64 << PrecisionBits];

    public long Count => _counts.Sum();

    /// <summary>Records a time, in ticks of the stopwatch.</summary>
    public void Record(long ticks) => Interlocked.Increment(ref _counts[Bucket(Math.Max(0, ticks))]);

    /// <summary>The time within which a part of all was done; not a number where nothing was recorded.</summary>
    /// <param name="part">From 0 to 1.</param>
    public double Milliseconds(double part)
    {
        long count = Count, wanted = Math.Max(1, (long)Math.Ceiling(part * count));
        for (int i = 0; i < _counts.Length; i++)
        {
            wanted -= _counts[i];
            if (wanted <= 0)
                return UpperEnd(i) * 1000.0 / Stopwatch.Frequency;
        }
        return double.NaN;
    }

    public void Clear() => Array.Clear(_counts);

    /// <summary>Exact up to 63; above, by the position of the highest bit and the six bits after it.</summary>
    private static int Bucket(long ticks)
    {
        int shift = Math.Max(0, BitOperations.Log2((ulong)ticks) - PrecisionBits);
        return (shift << PrecisionBits) + (int)(ticks >> shift);
    }

    private static double UpperEnd(int bucket)
    {
        int shift = Math.Max(0, (bucket >> PrecisionBits) - 1);
        long mantissa = bucket - ((long)shift << PrecisionBits);
        return ((mantissa + 1) * Math.Pow(2, shift)) - 1;
    }
}
