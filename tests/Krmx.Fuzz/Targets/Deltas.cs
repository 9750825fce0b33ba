using Krmx.State;
using static Krmx.Fuzz.PropertyBrokenException;

namespace Krmx.Fuzz;

/// <summary>
/// Two JSON values, one on the first line and the other after it. The second is applied to the first as a delta, then taken for what the
/// first has become.
/// </summary>
internal static class Deltas
{
    /// <summary>What applying a delta may allocate: some, and so much for each byte of value and delta.</summary>
    private const long FixedAllocation = 64 * 1024;

    private const long AllocationPerByte = 512;

    private static readonly JsonDeltaOptions Whole = new();

    private static readonly JsonDeltaOptions Short = new() { OmitsOldValues = true };

    public static void Check(byte[] input)
    {
        int end = Array.IndexOf(input, (byte)'\n');
        if (end < 0 ||
            !JsonTree.TryParse(input.AsSpan(0, end), out JsonTree? value) ||
            !JsonTree.TryParse(input.AsSpan(end + 1), out JsonTree? second))
            return;
        string text = value.ToString();
        CheckApply(value, second, input.Length);
        CheckRoundTrip(value, second, Whole);
        CheckRoundTrip(second, value, Short);
        ThrowUnless(value.ToString() == text, "the value changed");
    }

    private static void CheckApply(JsonTree value, JsonTree delta, int length)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        JsonTree? result = null;
        try
        {
            result = JsonDelta.Apply(value, delta);
        }
        catch (JsonDeltaException)
        {
        }
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        ThrowUnless(allocated <= FixedAllocation + (AllocationPerByte * length), $"{length} bytes of input took {allocated} of memory");
        if (result is null)
            return;
        ThrowUnless(result.Equals(JsonTree.Parse(result.ToUtf8(), JsonTree.MaxDepth)), "the result is not what its text says");
        CheckRoundTrip(value, result, Whole);
    }

    private static void CheckRoundTrip(JsonTree before, JsonTree after, JsonDeltaOptions options)
    {
        JsonTree? delta = JsonDelta.Diff(before, after, options);
        ThrowUnless(delta is null == before.Equals(after), "there is a difference between equal values, or none between others");
        if (delta is null)
            return;
        JsonTree received = JsonTree.Parse(delta.ToUtf8(), JsonTree.MaxDepth);
        ThrowUnless(JsonDelta.Apply(before, received).Equals(after), $"the delta {delta} gives another value");
    }
}
