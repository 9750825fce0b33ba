using System.Globalization;

namespace Krmx.Cli.Bench;

/// <summary>Tells how far a load is: on a terminal in one line that changes, elsewhere in a line for each step.</summary>
internal sealed class BenchProgress(TextWriter output)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly bool _changes = !Console.IsErrorRedirected;

    /// <summary>Tells again and again how something is, while it goes on.</summary>
    public async Task ShowAsync(Task work, Func<string> text)
    {
        bool isInLine = false;
        while (await Task.WhenAny(work, Task.Delay(Period)) != work)
        {
            if (_changes)
                Show(text());
            isInLine = _changes;
        }

        // What failed says so itself.
        if (work.IsCompletedSuccessfully)
        {
            Show(text());
            isInLine = _changes;
        }
        if (isInLine)
            output.WriteLine();
        await work;
    }

    /// <summary>A number for people.</summary>
    public static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private void Show(string text)
    {
        if (_changes)
            output.Write($"\r{text,-78}");
        else
            output.WriteLine(text);
    }
}
