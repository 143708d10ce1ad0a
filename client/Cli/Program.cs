System.Console.WriteLine("flowgrain");
