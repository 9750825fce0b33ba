// The measurement of Krmx.ClientBench in a browser, interpreted, as Blazor runs where nothing is compiled ahead.
using Krmx.ClientBench;
using Microsoft.AspNetCore.Components.WebAssembly.Hosting;

var builder = WebAssemblyHostBuilder.CreateDefault(args);
using var http = new HttpClient { BaseAddress = new Uri(builder.HostEnvironment.BaseAddress) };
string[] frames = (await http.GetStringAsync("frames.txt")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
double parts = 0, whole = 0;
for (int i = 0; i < 2; i++) // the first to warm up
{
    parts = ViewBench.Median(ViewBench.Measure(frames, 1000, Board.Model, rounds: 3));
    whole = ViewBench.Median(ViewBench.Measure(frames, 1000, WholeBoard.Model, rounds: 1)); // takes its time
}
await http.PostAsync("result", new StringContent($$"""{"parts":{{parts:F1}},"whole":{{whole:F1}}}"""));
