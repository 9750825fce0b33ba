using System.Globalization;
using System.Text.Json;
using Krmx;
using Krmx.StateBench;
using Krmx.StateBench.Scenarios;

// Runs one scenario and prints what it measured as one line of JSON.
// usage: Krmx.StateBench SCENARIO USERS SECONDS
if (args is not [string name, string users, string seconds])
{
    Console.Error.WriteLine("usage: Krmx.StateBench SCENARIO USERS SECONDS");
    return 2;
}
Action<KrmxRoomCore> attach = name switch
{
    "shared" => static server => server.AddProjection(Work.Domain, SharedItems.CreateModel()),
    "keyed" => static server => server.AddProjection(Work.Domain, KeyedItems.CreateModel()),
    "fresh" => static server => server.AddProjection(Work.Domain, FreshItems.CreateModel()),
    _ => throw new ArgumentException($"There is no scenario '{name}'."),
};
var room = new Room(int.Parse(users, CultureInfo.InvariantCulture), attach);
Measurement measured = Measurement.Take(room, TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)));
Console.WriteLine(JsonSerializer.Serialize(measured, JsonSerializerOptions.Web));
return 0;
