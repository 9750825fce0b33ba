using System.Globalization;
using System.Text;

namespace Krmx.StateBench;

/// <summary>The work that both sides do: the same frames from the same users, by their number.</summary>
internal static class Work
{
    public const string Domain = "bench";
    public const int ItemCount = 1000;

    public static string UserName(int index) => string.Create(CultureInfo.InvariantCulture, $"user{index}");

    public static string ItemId(int index) => string.Create(CultureInfo.InvariantCulture, $"item-{index:0000}");

    /// <summary>The frame of a dispatch: an item moves.</summary>
    public static byte[] Frame(int number)
    {
        string move = string.Create(
            CultureInfo.InvariantCulture,
            $$$"""{"item":{{{number * 7919L % ItemCount}}},"x":{{{number * 31L % 997}}},"y":{{{number * 17L % 991}}}}""");
        string action = $$$"""{"type":"move","payload":{{{move}}}}""";
        return Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $$$"""{"type":"projection/action","payload":{"domain":"bench","action":{{{action}}},"optimisticId":"op-{{{number}}}"}}"""));
    }
}
